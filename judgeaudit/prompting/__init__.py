"""Judge prompts and what is read from the replies: templates, fencing, the verdict parser."""

from judgeaudit.prompting.labels import Labels
from judgeaudit.prompting.parser import PARSER_VERSION, parse_reply
from judgeaudit.prompting.template import Template

__all__ = ["PARSER_VERSION", "Labels", "Template", "parse_reply"]
