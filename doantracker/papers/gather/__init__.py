"""What each kind of paper tells, gathered as a person sees it. A paper is Vietnamese, so its words stand here as such."""
