"""What a report covers and lists, in the words of the command line."""

from __future__ import annotations

from enum import StrEnum

from cicero_cli.domain.platforms import Platform


class Scope(StrEnum):
    """One platform, or both."""

    INSTA = "insta"
    TIKTOK = "tiktok"
    SEMUA = "semua"

    @property
    def platforms(self) -> tuple[Platform, ...]:
        return tuple(Platform) if self is Scope.SEMUA else (Platform(self.value),)


class LapharMode(StrEnum):
    """Which lists a laphar holds."""

    BELUM = "belum"
    SUDAH = "sudah"
    SEMUA = "semua"

    @property
    def has_sudah(self) -> bool:
        return self is not LapharMode.BELUM

    @property
    def has_belum(self) -> bool:
        return self is not LapharMode.SUDAH


class FileKind(StrEnum):
    """A report as a file beside its text: all figures as a workbook, or the sums as a picture."""

    XLSX = "xlsx"
    PNG = "png"

    @property
    def mimetype(self) -> str:
        return _MIMETYPES[self]


_MIMETYPES = {
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.PNG: "image/png",
}
