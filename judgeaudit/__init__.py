"""judgeaudit: how far can an LLM judge be trusted, and what sways it that should not?"""

__version__ = "0.1.0"
