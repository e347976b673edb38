"""Which files are taken, how large, and what is said of one that is not."""

from core.enums import FileKind
from core.errors import DomainError
from core.file_names import size_text

MAX_FILE_BYTES = 10 * 1024**2
MAX_RECORD_BYTES = 50 * 1024**2
# What one account may have uploaded without it belonging to a record yet.
MAX_LOOSE_BYTES = 4 * MAX_RECORD_BYTES

ACCEPTED = "PDF・Word・Excel・PowerPoint・JPEG・PNG"
HINT = (
    f"{ACCEPTED}のファイルを添付できます。1つ{size_text(MAX_FILE_BYTES)}まで、"
    f"合わせて{size_text(MAX_RECORD_BYTES)}までです。マクロの入ったファイルとZIPは添付できません。"
)
PICTURE_HINT = (
    f"JPEGかPNGの写真を1枚、{size_text(MAX_FILE_BYTES)}まで載せられます。"
    "撮影した場所などの情報は、消して保存します。"
)

# By the extension of the name, as office PCs write it.
BY_EXTENSION = {
    "pdf": FileKind.PDF,
    "docx": FileKind.DOCX,
    "xlsx": FileKind.XLSX,
    "pptx": FileKind.PPTX,
    "doc": FileKind.DOC,
    "xls": FileKind.XLS,
    "ppt": FileKind.PPT,
    "jpg": FileKind.JPEG,
    "jpeg": FileKind.JPEG,
    "jpe": FileKind.JPEG,
    "jfif": FileKind.JPEG,
    "png": FileKind.PNG,
}
MACRO_EXTENSIONS = frozenset(
    {"docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "xla", "pptm", "potm", "ppsm", "ppam"}
)
ARCHIVE_EXTENSIONS = frozenset({"zip", "lzh", "rar", "7z", "tar", "gz", "tgz", "cab"})

_OFFICE = "application/vnd.openxmlformats-officedocument."
CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: f"{_OFFICE}wordprocessingml.document",
    FileKind.XLSX: f"{_OFFICE}spreadsheetml.sheet",
    FileKind.PPTX: f"{_OFFICE}presentationml.presentation",
    FileKind.DOC: "application/msword",
    FileKind.XLS: "application/vnd.ms-excel",
    FileKind.PPT: "application/vnd.ms-powerpoint",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
}

MACROS = "には、マクロ（プログラム）が入っています。マクロを含まない形式で保存し直してください"
PASSWORD = "には、パスワードが付いています。パスワードを外して保存し直してください"  # noqa: S105 - a sentence
BROKEN = "を開けませんでした。ファイルが壊れていないか、確認してください"
ARCHIVE = "は、ZIPなどの圧縮ファイルです。中のファイルを1つずつ選んでください"
TOO_MUCH_INSIDE = "は、開くと大きくなりすぎます。中の画像や表を減らして保存し直してください"
ACTIVE_PDF = (
    "には、プログラムやほかのファイルが入っています。Wordなどから、PDFに書き出し直してください"
)
UNCHECKED_PDF = "は、中を調べきれませんでした。Wordなどから書き出し直すか、印刷の画面でPDFに保存し直してください"
LOCKED_PDF = (
    "には、編集や印刷を制限するパスワードが付いていて、中を調べられません。"
    "制限を外して保存し直してください"
)
EMBEDDED = (
    "には、添付できないファイルが埋め込まれています。埋め込んだものを取り除いて保存し直してください"
)
ACTIVE_X = "には、ActiveXの部品（プログラム）が入っています。部品を取り除いて保存し直してください"
NO_PICTURE = "は、写真として載せられません。JPEGかPNGのファイルを選んでください"
TOO_LARGE_REMADE = (
    f"は、位置情報などを消して保存し直すと、{size_text(MAX_FILE_BYTES)}を超えます。"
    "画像の縦横を小さくしてください"
)
TOO_MANY_PIXELS = "は、画像の縦横が大きすぎます。5,000万画素以下に小さくしてください"


class Unfit(Exception):
    """A file is not taken; ``reason`` continues a sentence that begins with its name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class FileRefused(DomainError):
    """A file is not taken; the sentence names it and says why."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"「{name}」{reason}")
