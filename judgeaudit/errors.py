"""What can go wrong through a user's input, one exception type a layer; none of them deserves a stack trace."""


class JudgeAuditError(Exception):
    """A mistake the user can mend. The message says what was found, what was expected and what to do."""


class ConfigurationError(JudgeAuditError):
    """The configuration asks for something that does not exist or does not fit together."""


class CorpusError(JudgeAuditError):
    """Pairs could not be read. The message names file, line, field, what was found and what was expected."""


class PerturbationError(JudgeAuditError):
    """A perturbation is declared wrongly or cannot be applied."""


class JudgeError(JudgeAuditError):
    """A judge cannot be used at all (a verdict that fails is an outcome, not an exception)."""


class LedgerError(JudgeAuditError):
    """The verdict store cannot be opened or holds something this version cannot read."""


class RunFolderError(JudgeAuditError):
    """A run's folder is missing a file or holds one that cannot be read."""


class ReviewError(JudgeAuditError):
    """A sheet of human ratings cannot be written or read. The message names file, line and column."""
