"""What the pages call the service's codes, in Chinese."""

import re
from collections.abc import Iterable

from shenbao.store.accounts import LOCAL

KINDS = {
    "money": "金额",
    "number": "数字",
    "percent": "百分比",
    "unit": "计量单位",
    "operator": "符号",
    "words": "文字",
    "text": "文字栏",
    "empty": "空白格",
    "code": "编码",
    "name": "名称",
    "date": "日期",
    "year": "年度",
    "month": "月份",
    "period": "期间",
    "deadline": "时限",
    "section": "栏目标题",
    "level1": "一级指标",
    "level2": "二级指标",
    "level3": "三级指标",
}
STATES = {
    "waiting": "等待识别",
    "reading": "识别中",
    "complete": "已识别",
    "partial": "部分识别",
    "failed": "识别失败",
}
ROLES = {"admin": "管理员", "reviewer": "复核员", "reader": "只读"}
FORMATS = {
    "html": "网页 HTML",
    "md": "Markdown",
    "pdf": "可搜索的 PDF",
    "alto": "ALTO XML",
    "parquet": "Parquet",
}
"""Export formats beside those that have a button of their own."""
ACTIONS = {"accept": "确认", "correct": "更正", "unreadable": "看不清"}
EDITS = {"merge": "合并单元格", "split": "拆分单元格", "family": "指定表式"}
GROUPS = {
    "level1": "一级指标",
    "level2": "二级指标",
    "level3": "三级指标",
    "labels": "栏目名称",
    "units": "计量单位",
    "columns": "表头",
}
ORIGINS = {"doubt": "可疑", "control": "抽查", "seed": "设错", "edit": "整页修改"}
ERRORS = {
    "unauthenticated": "请先登录。",
    "forbidden": "您的角色不能做这件事，请联系管理员。",
    "cross_site": "这个请求来自别的网站，已拒绝。请直接打开本系统。",
    "no_accounts": "尚未设置账号，只能在本机上使用。请先在本机设置管理员。",
    "not_found": "没有这个页面，或者您无权查看。",
    "conflict": "别人已先处理，请取下一条。",
    "changed": "内容已被别人更改，已显示最新内容，请重做。",
    "csrf": "登录已更新，请刷新页面后重做。",
    "wrong_password": "现在的密码不对。",
    "usage": "填写的内容与已有的不相容（例如名称已被占用）。",
    "too_large": "文件太大，请拆分后再上传。",
    "too_many": "请求太频繁，请稍候再试。",
    "busy": "等待识别的文件太多，请稍后再上传。",
    "invalid": "填写的内容不符合要求。",
    "encrypted": "文件有密码，请输入密码后再上传。",
    "unreadable": "文件无法打开，可能已损坏。请重新扫描或导出后再上传。",
    "unsupported": "不支持这种文件。请转成 PDF 或图片后再上传。",
    "missing": "文件已不存在。",
    "nothing_read": "没有读出任何内容。请检查扫描是否清楚、是否放正。",
    "crashed": "识别程序在这个文件上中断了。请重新上传；若仍如此，请联系管理员。",
    "partial": "有的页没有读出，其余的已读出。",
    "model_file": "识别模型的文件缺失或损坏，请联系管理员。",
    "engine_unavailable": "识别程序无法启动，请联系管理员。",
    "output": "结果无法写入，请联系管理员检查磁盘。",
    "not_ready": "系统正在启动，请稍候。",
}
OTHER_ERROR = "出了意外，请重试；若仍如此，请把编号告诉管理员。"


_CONFIDENCE = re.compile(r"(?:可信度|识别置信度) ([\d.]+) 低于(?:接受线)? ?([\d.]+)")


_FAILED = re.compile(r"(.+：不成立)(?:：应为.*|(?:，可能原件如此)?（[A-Z]\d+）)")
ORIGINAL = "可能原件如此"


def kind(code: str) -> str:
    return KINDS.get(code, code)


def person(name: str) -> str:
    """A user's name; whoever works before any account is set up has one that is no name."""
    return "本机" if name == LOCAL else name


def reasons(given: Iterable[str]) -> list[str]:
    """Why an item is there, each reason once: cell and field say of one confidence that it is low, and that a check fails."""
    kept: dict[object, str] = {}
    for reason in given:
        low, failed = _CONFIDENCE.fullmatch(reason), _FAILED.fullmatch(reason)
        same: object = tuple(map(float, low.groups())) if low else failed[1] if failed else reason
        kept.setdefault(same, reason)
        if ORIGINAL in reason and ORIGINAL not in kept[same]:
            kept[same] += f"，{ORIGINAL}"
    return list(kept.values())


def error(code: str) -> str:
    return ERRORS.get(code, OTHER_ERROR)
