"""What attackers try, one family a file; README's chapter on security lists them with what comes of it."""
