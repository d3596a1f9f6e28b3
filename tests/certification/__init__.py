"""What the certification suite asserts over HTTP, by the suite's own test ids (ESPI 4.0 §10.3 and §10.5).

Left out: handshakes and certificates (TC003 to TC009), what a person judges (TC010, TC011, PSH004), and SFTP.
"""
