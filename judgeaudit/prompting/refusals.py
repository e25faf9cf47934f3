"""Does a reply that gives no verdict decline to give one? Recognised by how it opens, in 18 languages.

A refusal opens with "I cannot" or its kin, or opens with an apology or "As an AI" and says so soon after.
Only openings count: a judge that *quotes* a response's refusal has not refused.
"""

from __future__ import annotations

import re

HEAD_CHARS = 300
"""How far into a reply the words that decline are looked for."""

_APOLOGIES = (
    r"(?:i(?:'m| am)(?: very| so| really| truly)? sorry|sorry|i apologi[sz]e|(?:my )?apologies|"
    r"unfortunately|regrettably|"
    r"as an? (?:ai|artificial|large language|language|safety|responsible|helpful)|"
    r"thank you for|i understand|i appreciate|"
    r"(?:es )?tut mir(?: sehr)? leid|leider|entschuldigung|als (?:ki|eine ki|sprachmodell|ein ki)|"
    r"(?:je suis )?(?:vraiment )?désolée?|malheureusement|en tant qu|"
    r"lo siento|lo lamento|lamentablemente|disculpa|como (?:modelo|una? ia|ia|inteligencia|um modelo)|"
    r"desculpe|sinto muito|lamento|infelizmente|mi dispiace|purtroppo|in quanto (?:ia|modello)|"
    r"het spijt me|sorry|helaas|przykro mi|przepraszam|niestety|üzgünüm|maalesef|maaf|xin lỗi|rất tiếc|samahani|pole|"
    r"извините|простите|к сожалению|мне жаль|как (?:ии|языковая модель|искусственный)|"
    r"(?:非常|很|十分)?(?:抱歉|对不起|對不起)|不好意思|遗憾|作为一|作為一|作为ai|作為ai|作为人工|"
    r"申し訳|すみません|残念ながら|aiとして|죄송|미안|ai로서|유감|آسف|أنا آسف|عذرا|عذرًا|أعتذر|للأسف|"
    r"क्षमा|माफ़|माफ|मुझे खेद|खेद)"
)
_UNABLE = (
    r"i(?:'m| am) (?:not able|unable|not comfortable|not willing|not going)|"
    r"i (?:can't|cannot|can not|won't|will not|must decline|"
    r"decline|refuse|don't feel comfortable|do not feel comfortable)|i(?:'m| am) not (?:permitted|allowed)|"
    r"i(?:'d| would) (?:rather not|prefer not)|(?:but|and) (?:can't|cannot|won't)|"
    r"ich kann (?:dir |ihnen |euch |das |dies |diese |dabei |hier |hierbei |mich |leider |keine? |die |darauf )*"
    r"(?:nicht|keine?)|kann ich (?:dir |ihnen |das |diese[rmn]? |hier |dabei |leider )*(?:\w+ ){0,3}nicht|"
    r"ich darf nicht|je (?:ne )?(?:peux|puis|suis) pas|je ne (?:peux|puis|suis) (?:malheureusement )?pas|"
    r"(?:yo )?no (?:me es posible|puedo|podré|estoy en condiciones)|(?:eu )?não (?:posso|consigo|me é possível)|"
    r"(?:io )?non (?:posso|sono in grado|mi è possibile)|"
    r"ik kan (?:je |u |hier |hierbei |dit |daar |deze |geen )*(?:niet|geen)|"
    r"kan ik (?:\w+ ){0,4}niet|nie mogę|nie jestem w stanie|yardımcı olamam|yapamam|veremem|"
    r"(?:saya )?tidak (?:bisa|dapat)|(?:tôi )?không thể|siwezi|"
    r"(?:я )?не (?:могу|смогу|в состоянии|имею права)|"
    r"(?:我)?(?:无法|無法|不能|不可以|没办法|沒辦法|拒绝|拒絕)|"
    r"(?:でき|出来|いたしかね|お答えでき)(?:ません|ない|かねます)|(?:いたし|致し|し)かねます|"
    r"할 수 없|드릴 수 없|도와드릴 수|"
    r"لا أستطيع|لا يمكنني|لن أستطيع|नहीं कर सकत|नहीं दे सकत|असमर्थ"
)
_OPENS_SORRY = re.compile(rf"(?i){_APOLOGIES}")
_OPENS_UNABLE = re.compile(rf"(?i)(?:{_UNABLE})")
_SORRY_AND_CUT_OFF = re.compile(r"(?i)(?:i(?:'m| am) sorry|sorry|i apologi[sz]e),? but")


def is_refusal(reply: str) -> bool:
    """Whether a reply without a verdict opens by declining to give one."""
    head = reply.lstrip(" \t\n\"'“”*_`(>#-.").replace("’", "'")[:HEAD_CHARS]
    if _OPENS_UNABLE.match(head) or _SORRY_AND_CUT_OFF.match(head):
        return True
    return _OPENS_SORRY.match(head) is not None and _OPENS_UNABLE.search(head) is not None
