"""Who is told when: pure rules, the sweep that writes rows, the delivery that sends them."""
