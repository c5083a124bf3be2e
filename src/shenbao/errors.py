"""One class per failure that a user can mend, each with an exit code, an HTTP status and advice."""

from typing import ClassVar


class ShenbaoError(Exception):
    """Base of all errors that shenbao raises on purpose.

    `code` is stable and machine-readable, `exit_code` is what the command line ends with,
    `advice` says what the user can do about it.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500
    advice: ClassVar[str] = "Please report this with the file that causes it."


class UsageError(ShenbaoError):
    code = "usage"
    exit_code = 2
    http_status = 400
    advice = "Run the command with --help to see what it takes."


class AccuracyUnsupported(UsageError):
    """The calibration cannot show the accuracy that is asked for."""

    advice = "Ask for a lower accuracy, or fit a calibration to more documents with `shenbao calibrate`."


class UnreadableInput(ShenbaoError):
    code = "unreadable"
    exit_code = 3
    http_status = 422
    advice = "The file is damaged or cut short: scan or download it again."


class UnsupportedInput(ShenbaoError):
    code = "unsupported"
    exit_code = 4
    http_status = 415
    advice = "Give JPEG, PNG, TIFF, WebP, BMP, PDF, DOCX or XLSX."


class ExtraMissing(UnsupportedInput):
    """The kind is read, but not by this installation; the message names the extra."""

    advice = "Install the extra that the message names, for example: pip install 'shenbao[office]'."


class NoPicture(UnsupportedInput):
    """A page is to be drawn that has no picture: its text is given by an Office file."""

    advice = "Save the file as PDF to see its pages; `shenbao read` needs no picture."


class NeedsLibreOffice(UnsupportedInput):
    """An old Office file, which LibreOffice has to turn into a new one."""

    advice = "Install LibreOffice (the command `soffice`), or save the file as .docx or .xlsx."


class EncryptedInput(ShenbaoError):
    code = "encrypted"
    exit_code = 5
    http_status = 422
    advice = "Give the password with --password, or save the file without one."


class InputTooLarge(ShenbaoError):
    code = "too_large"
    exit_code = 6
    http_status = 413
    advice = "Scan at 200 to 400 dpi, split the file, or raise the limit in the settings."


class ModelFileError(ShenbaoError):
    code = "model_file"
    exit_code = 7
    http_status = 503
    advice = (
        "Install shenbao again, or correct `engine.model_dir` in the settings; `shenbao check` tells more."
    )


class EngineUnavailable(ShenbaoError):
    code = "engine_unavailable"
    exit_code = 8
    http_status = 503
    advice = "Install the engine's extra, for example: pip install 'shenbao[paddle]'."


class PartialFailure(ShenbaoError):
    code = "partial"
    exit_code = 9
    http_status = 207
    advice = "See the list of failed files in summary.json."


class OutputError(ShenbaoError):
    code = "output"
    exit_code = 10
    http_status = 507
    advice = "Check that the folder exists, can be written and has space left."


class NothingRead(ShenbaoError):
    code = "nothing_read"
    exit_code = 11
    http_status = 422
    advice = "Not one of the files could be read: see the list of failed files in summary.json."


class MissingInput(ShenbaoError):
    code = "missing"
    exit_code = 12
    http_status = 404
    advice = "Check the path: give a file that exists and may be read (`shenbao batch` takes folders)."


class ReaderCrashed(ShenbaoError):
    code = "crashed"
    exit_code = 13
    http_status = 500
    advice = (
        "Reading this file ended the process or took too long: try it alone, and report it with the file."
    )


class BatchBusy(ShenbaoError):
    code = "busy"
    exit_code = 14
    http_status = 409
    advice = "Wait until the other batch has ended, or give another folder with --out."
