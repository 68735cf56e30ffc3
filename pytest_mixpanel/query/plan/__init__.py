"""What a query asks, without the wire's spelling: small frozen plans, one per engine.

Back ends execute plans; ``parse`` makes them from params JSON, whoever wrote it.
"""
