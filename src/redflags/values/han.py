"""Chinese written without spaces: a run of characters is parted into the words that are looked for.

Only words of a given vocabulary are parted off, the longest first. What follows such a word and is
no such word itself makes another thing of it, for the head of a Chinese noun stands last: 手机 is a
telephone and 手机壳 its case, 硝酸 is nitric acid and 硝酸银 a silver salt. Such a run stays one
word, so that nothing is found in it. Neither is anything found after a word of absence (无, 不含).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from redflags.values.text import fold

CHINESE = "zh"
"""The language of terms that texts are parted by."""

_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in text.split())


# Words that may follow the name of goods, or of a trade, and leave it what it is: forms, grades,
# packages, units, and words for a firm. They count for nothing.
_TAILS = _words(
    "颗粒 粉末 粉 溶液 水溶液 液体 固体 晶体 结晶 粒 片 级 型 类 系列 产品 货物 商品 原料 材料 "
    "化肥 肥料 工业级 食品级 试剂级 农业级 分析纯 化学纯 高纯 散装 桶装 袋装 吨袋 瓶装 罐装 "
    "桶 袋 箱 瓶 罐 吨 公斤 千克 克 升 毫升 米 公里 台 个 件 只 架 套 块 支 枚 部 颗 批 "
    "公司 有限公司 有限责任公司 股份公司 集团 企业 厂 工厂 店 商店 门店 商 商家 中心 部门 "
    "业 行业 个体户 者"
)
# What ends a noun, so that something else may follow it: and, or, for, used as.
_ENDS = _words("和 与 及 或 等 用于 用作 供 作为")
_ABSENT = ("不含", "无")

# Traditional characters that the tables have in their simple form.
_SIMPLE = str.maketrans(
    "鋁銨鉀鈉鈣鎂銀鐵雙無機飛發動電渦輪噴導衛訊話經銷貿廠製農業藥醫學紅熱視鏡頭儀軸數"
    "碼種廳飯館運輸貨櫃進紡織傢書鍾錶寶飾車維賃換錢產遊戲體積圓繼測穩雲臺纖環樹過鹽漿"
    "顏調壓試設備攝監線纜點頻傳飼觀務諮詢網頁計軟餅乾糧莊園藝鋼煉礦採築溫絲綢緞廣場團"
    "節",
    "铝铵钾钠钙镁银铁双无机飞发动电涡轮喷导卫讯话经销贸厂制农业药医学红热视镜头仪轴数"
    "码种厅饭馆运输货柜进纺织家书钟表宝饰车维赁换钱产游戏体积圆继测稳云台纤环树过盐浆"
    "颜调压试设备摄监线缆点频传饲观务咨询网页计软饼干粮庄园艺钢炼矿采筑温丝绸缎广场团"
    "节",
)


def simple(text: str) -> str:
    """The text with the traditional characters of the tables' words in their simple form."""
    return text.translate(_SIMPLE)


def has_runs(text: str) -> bool:
    """Whether there is anything to part in a text."""
    return not text.isascii() and _RUN.search(text) is not None


class HanWords:
    """A vocabulary of Chinese words that runs of characters are parted by."""

    def __init__(self, words: Iterable[str]) -> None:
        own = {simple(fold(word)) for word in words}
        self._own = frozenset(word for word in own if _RUN.fullmatch(word))
        self._tails = _TAILS - self._own
        self._ends = _ENDS - self._own
        self._longest = max(map(len, self._own | self._tails | self._ends), default=0)

    def part(self, text: str) -> str:
        """The text with a space before and after each word that was parted off."""
        if not self._own or not has_runs(text):
            return text
        return _RUN.sub(lambda run: f" {' '.join(self._parted(simple(run.group())))} ", text)

    def _parted(self, run: str) -> Iterator[str]:
        """The words of a run. A word and the strange characters after it are one strange word."""
        found = list(self._cut(run))
        place = 0
        absent = False
        while place < len(found):
            piece, kind = found[place]
            place += 1
            if kind == "strange":
                absent = piece.endswith(_ABSENT)
                yield piece
            elif kind == "own":
                after = place
                while after < len(found) and found[after][1] == "tail":
                    after += 1
                if after < len(found) and found[after][1] == "strange":
                    yield "".join(strange for strange, _ in found[place - 1 : after + 1])
                    place = after + 1
                else:
                    yield f"{_ABSENT[-1]}{piece}" if absent else piece
            elif kind == "end":
                absent = False
                yield "&"

    def _cut(self, run: str) -> Iterator[tuple[str, str]]:
        """The run in pieces: words of the vocabulary, tails after them, and what is strange."""
        start = place = 0
        after_own = False
        while place < len(run):
            piece, kind = self._longest_at(run, place, after_own)
            if not piece:
                place += 1
                continue
            if start < place:
                yield run[start:place], "strange"
            yield piece, kind
            place += len(piece)
            start = place
            after_own = True
        if start < len(run):
            yield run[start:], "strange"

    def _longest_at(self, run: str, place: int, after_own: bool) -> tuple[str, str]:
        for size in range(min(self._longest, len(run) - place), 0, -1):
            piece = run[place : place + size]
            if piece in self._own:
                return piece, "own"
            if after_own and piece in self._ends:
                return piece, "end"
            if after_own and piece in self._tails:
                return piece, "tail"
        return "", ""
