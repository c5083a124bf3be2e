"""What the pages call the service's codes, in Chinese."""

KINDS = {
    "money": "金额",
    "number": "数字",
    "percent": "百分比",
    "unit": "计量单位",
    "operator": "符号",
    "words": "文字",
    "empty": "空白格",
    "code": "编码",
    "name": "名称",
    "deadline": "时限",
    "month": "月份",
    "period": "期间",
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
ACTIONS = {"accept": "确认", "correct": "更正", "unreadable": "看不清"}
EDITS = {"merge": "合并单元格", "split": "拆分单元格", "family": "指定表式"}
GROUPS = {"units": "单位名称", "departments": "部门名称", "level3": "三级指标", "labels": "标签"}
ERRORS = {
    "unauthenticated": "请先登录。",
    "forbidden": "您的角色不能做这件事，请联系管理员。",
    "cross_site": "这个请求来自别的网站，已拒绝。请直接打开本系统。",
    "no_accounts": "尚未设置账号，只能在本机上使用。请先在本机设置管理员。",
    "not_found": "没有这个页面，或者您无权查看。",
    "conflict": "别人已先处理，请取下一条。",
    "changed": "内容已被别人更改，请刷新后重做。",
    "too_large": "文件太大，请拆分后再上传。",
    "too_many": "请求太频繁，请稍候再试。",
    "busy": "等待识别的文件太多，请稍后再上传。",
    "invalid": "填写的内容不符合要求。",
    "encrypted": "文件有密码，请输入密码后再上传。",
    "unreadable": "文件无法打开。",
}
OTHER_ERROR = "出了意外，请重试；若仍如此，请把编号告诉管理员。"


def kind(code: str) -> str:
    return KINDS.get(code, code)


def error(code: str) -> str:
    return ERRORS.get(code, OTHER_ERROR)
