"""What a killed run left: states brought home, orphans, untaint, a cluster that is gone."""
