from __future__ import annotations

import pytest

from cartesia_server.text.chinese.normalise import said

# ruff: noqa: RUF001 -- signs look alike


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("2024年3月5日", "二零二四年三月五日"),
        ("2024-03-05", "二零二四年三月五日"),
        ("2000年前，90年代", "二千年前，九十年代"),
        ("10:30开会，2:05结束", "十点三十分开会，两点零五分结束"),
        ("比分是3:2", "比分是三比二"),
        ("涨了3.5%", "涨了百分之三点五"),
        ("-5℃到２５℃", "负五摄氏度到二十五摄氏度"),
        ("气温-3度", "气温负三度"),
        ("$3.50", "三点五零美元"),
        ("￥3.5万", "三点五万元"),
        ("2个人，2月，12个，第2名", "两个人，二月，十二个，第二名"),
        ("2小时", "两小时"),
        ("1/2的人", "二分之一的人"),
        ("3-5天", "三到五天"),
        ("10-3=7", "十减三等于七"),
        ("2+2=4", "二加二等于四"),
        ("电话010-12345678", "电话零一零，一二三四五六七八"),
        ("手机13812345678", "手机一三八一二三四五六七八"),
        ("5kg，10km/h", "五公斤，十公里每小时"),
        ("GPT-4和Python3.11", "GPT 四和Python三点一一"),
        ("abc@example.com", "abc at example点com"),
        ("没有数字", "没有数字"),
        ("5，2024-05-06，15:30", "五，二零二四年五月六日，十五点三十分"),
        ("9:00-18:30", "九点到十八点三十分"),
        ("验证码是493027，尾号4242", "验证码是四九三零二七，尾号四二四二"),
        ("2.0.1和192.168.1.1", "二点零点一和一百九十二点一百六十八点一点一"),
        ("血压120/80mmHg", "血压一百二十，八十毫米汞柱"),
        ("100元/月，3次/天", "一百元每月，三次每天"),
        ("$2.5M", "二点五百万美元"),
        ("½杯，①好", "二分之一杯，一、好"),
    ],
)
def test_what_is_said(written, spoken):
    rewritten = said(written)
    assert rewritten.text == spoken
    assert len(rewritten.origins) == len(spoken)
    assert list(rewritten.origins) == sorted(rewritten.origins)
