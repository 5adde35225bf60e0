"""Forms of meetings, agendas, minutes and decisions."""
