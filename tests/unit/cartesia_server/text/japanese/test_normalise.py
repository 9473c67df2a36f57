from __future__ import annotations

import pytest

from cartesia_server.text.japanese.normalise import said

# ruff: noqa: RUF001 -- signs look alike


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("価格は$3.50です", "価格は3.50ドルです"),
        ("￥1,250", "1,250円"),
        ("¥100万", "100万円"),
        ("2024-03-05", "2024年3月5日"),
        ("2024/3/5", "2024年3月5日"),
        ("１０：３０に", "10時30分に"),
        ("9:00開店", "9時開店"),
        ("1/3", "3分の1"),
        ("5〜10人", "5から10人"),
        ("3-5日", "3から5日"),
        ("気温は-5度", "気温はマイナス5度"),
        ("2+2=4", "2+2イコール4"),
        ("10-3=7", "10引く3イコール7"),
        ("090-1234-5678", "090-1234-5678"),
        ("https://example.com/ja", "exampleドットcomスラッシュja"),
        ("そのまま。", "そのまま。"),
        ("認証コードは493027です", "認証コードは4 9 3 0 2 7です"),
        ("コード493円", "コード493円"),
        ("3-1で勝った", "3対1で勝った"),
        ("六本木6-10-1", "六本木6の10の1"),
        ("〒100-0001", "郵便番号100の0001"),
        ("3/14の会", "3月14日の会"),
        ("5/6に", "5月6日に"),
        ("120/80です", "120、80です"),
        ("½カップ、①水", "2分の1カップ、1、水"),
        ("60km/h", "60キロメートル毎時"),
    ],
)
def test_what_is_said(written, spoken):
    rewritten = said(written)
    assert rewritten.text == spoken
    assert len(rewritten.origins) == len(spoken)
