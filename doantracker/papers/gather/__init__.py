"""What each kind of paper tells, gathered as a person sees it. Papers are Vietnamese: their words stand here."""
