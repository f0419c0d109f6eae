#!/usr/bin/env python3
"""Holds the JSON reader of this project against Python's, made as strict.

    differential.py PROBE [--texts N] [--seed N]

PROBE is the built program json-probe. Both read a corpus of edge cases, in the manner of JSONTestSuite, and N (100000)
texts that are made of valid ones by small mutations. Both must accept and refuse the same texts and read the same
values, to the last bit and in the same order, and what the probe writes must read back as the same. Prints the texts in
which they differ; exit code 1 where there is one.
"""

import argparse
import json
import random
import struct
import subprocess
import sys
import time

# The defaults of JSONLimits.
DEPTH = 32
BYTES = 1 << 20


# -- The strict parser ------------------------------------------------------------------------------------------------


class Refused(Exception):
    pass


def integer(text):
    # As JSONValue says: exact in 64 bits, with a sign or without, and a double beyond. (The length spares Python the
    # conversion of thousands of digits.)
    if len(text) <= 21 and -(1 << 63) <= (value := int(text)) < 1 << 64:
        return ("integer", value)
    return number(text)


def number(text):
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise Refused("the number is too large")
    # The bits, as 0.0 and -0.0 are equal.
    return ("number", struct.pack(">d", value))


def constant(text):
    raise Refused(text + " is not JSON")


def members(pairs):
    if len({name for name, _ in pairs}) < len(pairs):
        raise Refused("a member appears twice")
    return ("object", pairs)


decode = json.JSONDecoder(
    parse_int=integer, parse_float=number, parse_constant=constant, object_pairs_hook=members, strict=True
).decode


def check(value, depth):
    """Refuses lone surrogates and what is nested too deep."""
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, list):
        if depth == DEPTH:
            raise Refused("too deep")
        for element in value:
            check(element, depth + 1)
    elif isinstance(value, tuple) and value[0] == "object":
        if depth == DEPTH:
            raise Refused("too deep")
        for name, element in value[1]:
            name.encode("utf-8")
            check(element, depth + 1)


def read(text):
    if len(text) > BYTES:
        raise Refused("too large")
    value = decode(text.decode("utf-8"))
    # Only an escape can name a lone surrogate: what UTF-8 decodes to holds none.
    if b"\\u" in text or text.count(b"[") + text.count(b"{") > DEPTH:
        check(value, 0)
    return value


def outcome(text):
    """Whether the text is accepted, and the value or the reason."""
    try:
        return True, read(text)
    # UnicodeError and json.JSONDecodeError are ValueErrors.
    except (Refused, ValueError, RecursionError) as error:
        return False, str(error)


# -- The corpus -------------------------------------------------------------------------------------------------------

ACCEPTED = [
    # Literals and structure.
    b"null", b"true", b"false", b"[]", b"{}", b'""', b"[null]", b"[[]]", b"[{}]", b'{"":{}}', b"[1,2]", b"[1,[2,[3]]]",
    b'{"a":1,"b":[true,false,null]}', b'{"a":{"a":{"a":1}}}', b'{"":0}', b'{" ":0,"":1}', b'["",""]',
    # White space: these four and no other.
    b" null", b"null\n", b"\r\n\t null \t\r\n", b"[ ]", b"{ }", b"[ 1 , 2 ]", b'{ "a" : 1 , "b" : 2 }', b"\t[\n1\r]",
    # Numbers.
    b"0", b"-0", b"1", b"-1", b"10", b"0.0", b"-0.0", b"0e0", b"-0e-0", b"0E+0", b"1e1", b"1E1", b"1e+1", b"1e-1",
    b"1.5", b"1.50", b"-1.5e-3", b"123.456e78", b"0.1", b"1e0001", b"1e-0001", b"0.00000000000000000000000001",
    b"9007199254740991", b"9007199254740992", b"9007199254740993", b"9007199254740993.0", b"9007199254740992.999",
    b"9223372036854775807", b"9223372036854775808", b"-9223372036854775808", b"-9223372036854775809",
    b"18446744073709551615", b"18446744073709551616", b"-18446744073709551615", b"100000000000000000000000",
    b"18446744073709551615.0", b"18446744073709551615e0", b"1e22", b"1e23", b"8.5e22", b"123456789012345678901234567890",
    # At the ends of the doubles: the greatest, what still rounds to it, the least normal one and that below, the least
    # of all, what rounds to it and what to zero, and beyond.
    b"1.7976931348623157e308", b"1.7976931348623158e308", b"1.797693134862315807e308", b"2.2250738585072014e-308",
    b"2.2250738585072011e-308", b"2.2250738585072012e-308", b"4.9e-324", b"5e-324", b"2.4703282292062328e-324",
    b"2.4703282292062327e-324", b"1e-323", b"1e-324", b"1e-400", b"-1e-400", b"1e-99999999999999999999",
    b"-1e-18446744073709551616", b"0e99999999999999999999", b"-0e99999999999999999999", b"0.0e400", b"0e400", b"0e-400",
    b"1" + b"0" * 308, b"0." + b"0" * 400 + b"1e400", b"1" + b"0" * 400 + b"e-400", b"0." + b"0" * 5000 + b"1",
    b"1." + b"0" * 5000 + b"1", b"1" * 300, b"-" + b"9" * 300, b"0." + b"3" * 5000,
    # Halfway between two doubles, and just beside.
    b"1.00000000000000011102230246251565404236316680908203125",
    b"1.00000000000000011102230246251565404236316680908203124",
    b"1.00000000000000011102230246251565404236316680908203126",
    b"9007199254740993e0", b"9007199254740995e0", b"0.500000000000000166533453693773481063544750213623046875",
    # Strings.
    rb'"\"\\\/\b\f\n\r\t"', rb'"\u0000"', rb'"\u001f\u007f\u0080"', rb'"\u00e9\u00E9"', rb'"\ud83d\ude00"',
    rb'"\uD834\uDD1E"', rb'"\ud800\udc00\udbff\udfff"', rb'"\uffff\ufffe\ufdd0"', rb'"\ufeff"', rb'"\u2028\u2029"',
    rb'"\u005c\u0022"', rb'"a\u0000b"', rb'"\u0061\u030a"', b'"\x7f"', b'"\xc2\x80"', b'"\xdf\xbf"', b'"\xe0\xa0\x80"',
    b'"\xed\x9f\xbf"', b'"\xee\x80\x80"', b'"\xef\xbb\xbf"', b'"\xef\xbf\xbf"', b'"\xf0\x90\x80\x80"',
    b'"\xf4\x8f\xbf\xbf"', b'"\xe2\x80\xa8"', b'"/"', b"\"'\"", b'"' + b"x" * 70_000 + b'"', rb'"\\u0000"', rb'"\\"',
    # Names are compared by code points: a letter with its mark is another than the letter that has one.
    b'{"\xc3\xa9":1,"e\xcc\x81":2}', b'{"a":1,"A":2}', b'{"a":1,"a ":2}', b'{"__proto__":1}', rb'{"\u0000":1}',
    b"{" + b",".join(b'"%d":%d' % (n, n) for n in range(300)) + b"}",
    # Limits: the greatest depth and length.
    b"[" * DEPTH + b"]" * DEPTH, b'{"a":' * DEPTH + b"1" + b"}" * DEPTH, b"[" * (DEPTH - 1) + b"{}" + b"]" * (DEPTH - 1),
    b"[" + b",".join([b"[]"] * 1000) + b"]", b"1" + b" " * (BYTES - 1), b'"' + b"y" * (BYTES - 2) + b'"',
]

REFUSED = [
    # Nothing, too little, too much.
    b"", b" ", b"\n", b"[", b"{", b"]", b"}", b",", b":", b"[1", b"[1,", b'{"a"', b'{"a":', b'{"a":1', b'{"a":1,', b'"',
    b'"a', b"nul", b"tru", b"fals", b"n", b"nulll", b"truefalse", b"null null", b"1 2", b"[]]", b"{}}", b"[][]", b'""""',
    b"[,]", b"[1,]", b"[,1]", b"[1,,2]", b"[1 2]", b"[1:2]", b"[1;2]", b"[1}", b"{1}", b"{]", b"{,}", b'{"a":1,}',
    b'{,"a":1}', b'{"a" 1}', b'{"a"::1}', b'{"a":1 "b":2}', b'{"a",1}', b'{a:1}', b"{'a':1}", b"{1:1}", b"{null:1}",
    b"{[]:1}", b'{"a"}', b'{"a":}', b'{:1}', b'{"a":1:2}', b'{"a":1,,"b":2}', b'{"a":1}x', b'{"a":1}#', b"[1]//x",
    b"/**/1", b"1/**/", b"#1", b"//\n1", b"<a>", b"undefined", b"None", b"True", b"NULL", b"Null", b"TRUE", b"nUll",
    b"\\n", b"'a'", b"`a`", b"a", b"@", b"(1)", b"=1", b"*", b"[*]", b"$", b"\\u0031",
    # White space of others.
    b"\x0bnull", b"\x0cnull", b"\x00null", b"null\x00", b"\xc2\xa0null", b"\xe2\x80\x83null", b"\xe2\x80\xa8null",
    b"\xe3\x80\x801", b"\xe2\x81\xa01", b"[\x0b]", b"[1\x0c]", b"\x1f1", b"\x7f1", b"1\x1a", b"\x851", b"\xa01",
    # Byte order marks and other encodings.
    b"\xef\xbb\xbf", b"\xef\xbb\xbf{}", b"\xef\xbb\xbfnull", b"\xff\xfe1\x00", b"\xfe\xff\x001", b"1\x00", b"\x001",
    b"\xef\xbb", b" \xef\xbb\xbf1", b"1\xef\xbb\xbf", b"[\xef\xbb\xbf]", b"\x00\x00\x00[\x00\x00\x00]",
    # Numbers.
    b"-", b"+", b"+1", b"--1", b"-+1", b"01", b"-01", b"00", b"-00", b"0123", b"1.", b"-1.", b".1", b"-.1", b"0.", b".",
    b"1.e1", b"1.1.1", b"1e", b"1e+", b"1e-", b"1E", b"1e1.5", b"1e1e1", b"1ee1", b"1e++1", b"1e +1", b"0x1", b"0b1",
    b"0o7", b"1_000", b"1,000.5x", b"1f", b"1L", b"1n", b"NaN", b"-NaN", b"nan", b"Infinity", b"-Infinity", b"+Infinity",
    b"inf", b"-inf", b"- 1", b"1 .5", b"1. 5", b"1e 5", b"\xd9\xa1", b"\xef\xbc\x91", b"1\xd9\xa1", b"1.\xd9\xa1", b"0e",
    b"0e+", b"[-]", b"[-a]", b"[1e]", b"[0.]", b"-a", b"1a", b"[1a]", b"-0x1", b"0X1", b"1\xc2\xb2", b"1e\xc2\xb2",
    # Too large for a double.
    b"1e309", b"-1e309", b"1e400", b"-1e400", b"1.7976931348623159e308", b"1.797693134862315808e308", b"1e99999999999",
    b"1e18446744073709551616", b"-1e9223372036854775808", b"0.1e400", b"9" * 309, b"1" + b"0" * 309, b"[1e309]",
    b"1" * 6000, b'{"a":-1e999}', b"2" + b"0" * 308,
    # Strings.
    b'"\x00"', b'"\x01"', b'"\n"', b'"\t"', b'"\r"', b'"\x1f"', b'"a\nb"', b'{"\n":1}', rb'"\x41"', rb'"\a"', rb'"\0"',
    rb'"\v"', rb'"\e"', rb'"\U0041"', rb'"\N"', rb'"\ "', b'"\\\n"', b'"\\\x00"', b'"\\\xc3\xa9"', rb'"\'"', rb'"\u"',
    rb'"\u0"', rb'"\u00"', rb'"\u000"', rb'"\u00g0"', rb'"\u 041"', rb'"\u+041"', rb'"\u-041"', rb'"\u0x41"',
    rb'"\u00_1"', b'"\\u\xef\xbc\x90\xef\xbc\x90\xef\xbc\x94\xef\xbc\x91"', b'"\\', b'"\\"', b'"\\u', b'"\\u00',
    b'"\\u0041', rb'"\\\"', rb'"\ud83d\ude0"', rb'"\ud83d\u"',
    # Lone surrogates, the wrong way round, parted, with other things behind.
    rb'"\ud800"', rb'"\udc00"', rb'"\udfff"', rb'"\udbff"', rb'"\ude00\ud83d"', rb'"\ud800\ud800"', rb'"\ud800\u0041"',
    rb'"\ud800a"', rb'"\ud800\n"', rb'"\ud800\\udc00"', rb'"a\ud800"', rb'"\ud83d\ude00\ud83d"', rb'{"\ud800":1}',
    rb'["\ud800\udc00\udc00"]', rb'"\ud800 \udc00"', rb'{"\udc00":1,"a":2}',
    # Not UTF-8: a surrogate, overlong, cut, too great, a stray byte.
    b'"\xed\xa0\x80"', b'"\xed\xbf\xbf"', b'"\xed\xa0\xbd\xed\xb8\x80"', b'"\xc0\xaf"', b'"\xc0\x80"', b'"\xc1\xbf"',
    b'"\xe0\x80\xaf"', b'"\xe0\x9f\xbf"', b'"\xf0\x80\x80\xaf"', b'"\xf0\x8f\xbf\xbf"', b'"\xf4\x90\x80\x80"',
    b'"\xf5\x80\x80\x80"', b'"\xf8\x88\x80\x80\x80"', b'"\xfc\x84\x80\x80\x80\x80"', b'"\xff"', b'"\xfe"', b'"\x80"',
    b'"\xbf"', b'"\xc3"', b'"\xe2\x82"', b'"\xf0\x9f\x98"', b'"\xc3\x28"', b'"\xe2\x28\xa1"', b'"\xf0\x28\x8c\xbc"',
    b'{"\xff":1}', b"\xff", b"[\xff]", b'"a\xffb\\n"', b'"\\n\xc3"', b'"\xc3\\n"', b"\xc3\xa9", b"[\xc3\xa9]",
    # Two members of one name, also where an escape hides it and where there are many.
    b'{"a":1,"a":2}', b'{"a":1,"a":1}', b'{"a":1,"b":2,"a":3}', rb'{"a":1,"\u0061":2}', b'{"":1,"":2}',
    rb'{"\ud83d\ude00":1,"' + b"\xf0\x9f\x98\x80" + b'":2}', b'[{"x":{"a":1,"a":2}}]',
    b"{" + b",".join(b'"%d":0' % n for n in range(300)) + b',"7":0}',
    b"{" + b",".join(b'"%d":0' % n for n in range(16)) + b',"15":0}',
    # Limits.
    b"[" * (DEPTH + 1) + b"]" * (DEPTH + 1), b'{"a":' * (DEPTH + 1) + b"1" + b"}" * (DEPTH + 1), b"[" * 100_000,
    b"[" * DEPTH + b"{}" + b"]" * DEPTH, b'{"a":[' * 50_000, b"[" * 3000 + b"]" * 3000, b"1" + b" " * BYTES,
    b'"' + b"z" * BYTES + b'"',
]


# -- The texts made up ------------------------------------------------------------------------------------------------


class Maker:
    """Makes texts; the same ones for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.pieces = [
            b"\\", b'"', b"{", b"}", b"[", b"]", b",", b":", b"-", b"+", b"0", b"1", b".", b"e", b"E", b" ", b"\n", b"\t",
            b"\r", b"\x0b", b"\x00", b"\x1f", b"\\u", b"\\ud800", b"\\udc00", b"\\ud83d\\ude00", b"\\u0000", b"\\n",
            b"\\/", b"null", b"true", b"false", b"NaN", b"Infinity", b"1e999", b"1e-999", b"-0", b"0.", b"\xef\xbb\xbf",
            b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc3\xa9", b"\xf0\x9f\x98\x80", b"\xc2\xa0", b"//", b"/**/", b"'",
            b'"a":1,', b'"a":1', b"[[", b"]]", b"{}", b"[]", b"9223372036854775807", b"18446744073709551615",
            b"4.9e-324", b"1.7976931348623158e308", b"\\x", b"\\u00",
        ]

    def text(self):
        return self.space() + self.value(4) + self.space()

    def space(self):
        return "".join(self.random.choices(" \n\t\r", k=self.random.choice((0, 0, 0, 0, 1, 3)))).encode()

    def value(self, depth):
        choice = self.random.randrange(12 if depth else 7)
        if choice < 1:
            return self.random.choice((b"null", b"true", b"false"))
        if choice < 4:
            return self.number()
        if choice < 7:
            return self.string()
        count = self.random.choice((0, 1, 2, 3, 5))
        if choice < 9:
            return b"[" + b",".join(self.space() + self.value(depth - 1) + self.space() for _ in range(count)) + b"]"
        return b"{" + b",".join(
            self.space() + self.string() + self.space() + b":" + self.space() + self.value(depth - 1) + self.space()
            for _ in range(count)
        ) + b"}"

    def number(self):
        choice = self.random.randrange(7)
        if choice == 0:
            return b"%d" % self.random.randrange(-1000, 1000)
        if choice == 1:
            return b"%d" % (self.random.randrange(-3, 4) + self.random.choice((1, -1)) * (1 << self.random.randrange(70)))
        if choice == 2:
            # Any bits of a double, but those of NaN and the infinities.
            value = struct.unpack(">d", self.random.randbytes(8))[0]
            return repr(value).encode() if value - value == 0 else b"0"
        digits = lambda most: str(self.random.randrange(10 ** self.random.randrange(1, most))).encode()
        text = self.random.choice((b"", b"-")) + digits(25)
        if choice > 3:
            text += b"." + self.random.choice((b"", b"0", b"000000")) + digits(40)
        if choice > 4:
            text += self.random.choice((b"e", b"E", b"e+", b"e-")) + b"%d" % self.random.randrange(340)
        return text

    def string(self):
        return b'"' + b"".join(self.unit() for _ in range(self.random.choice((0, 1, 2, 5, 12)))) + b'"'

    def unit(self):
        choice = self.random.randrange(10)
        if choice < 4:
            return b"%c" % self.random.choice(b"abcXYZ 09_/'{}[]:,")
        if choice < 6:
            return b"\\" + b"%c" % self.random.choice(b'"\\/bfnrt')
        limit = self.random.choice((0x80, 0x800, 0x10000, 0x110000))
        point = self.random.randrange(0x20, limit)
        if 0xD800 <= point < 0xE000 or chr(point) in '"\\':
            return b"a"
        if choice < 8:
            return chr(point).encode("utf-8")
        units = chr(point).encode("utf-16-be")
        form = self.random.choice((b"\\u%04x", b"\\u%04X"))
        return b"".join(form % int.from_bytes(units[n : n + 2], "big") for n in range(0, len(units), 2))

    def mutated(self, text):
        text = bytearray(text)
        for _ in range(self.random.choice((0, 1, 1, 1, 2, 3, 4))):
            place = self.random.randrange(len(text) + 1)
            choice = self.random.randrange(8)
            if choice == 0:
                text[place : place + 1] = b"%c" % self.random.randrange(256)
            elif choice == 1:
                del text[place : place + 1]
            elif choice == 2 and self.random.randrange(4) == 0:
                del text[place:]
            elif choice == 3:
                # A part again, so that names and brackets are doubled.
                text[place:place] = text[place : place + self.random.randrange(1, 12)]
            elif choice == 4:
                text[place : place + 2] = text[place : place + 2][::-1]
            else:
                text[place:place] = self.random.choice(self.pieces)
        return bytes(text)

    def texts(self, count):
        sources = [self.text() for _ in range(max(1, count // 20))]
        return [self.mutated(self.random.choice(sources)) for _ in range(count)]


# -- Both ----------------------------------------------------------------------------------------------------------


def ask(probe, texts):
    """What the probe answers to each text."""
    frames = b"".join(struct.pack(">I", len(text)) + text for text in texts)
    output = subprocess.run([probe], input=frames, stdout=subprocess.PIPE, check=True, timeout=90).stdout
    answers, place = [], 0
    while place < len(output):
        (length,) = struct.unpack_from(">I", output, place)
        answers.append(output[place + 4 : place + 4 + length])
        place += 4 + length
    if len(answers) != len(texts):
        sys.exit(f"{len(texts)} texts were answered by {len(answers)} answers")
    return answers


def difference(text, answer, expected):
    """In what both differ, or nothing."""
    accepted, value = outcome(text)
    if expected not in (None, accepted):
        return f"Python {'accepts' if accepted else 'refuses'} it against the corpus ({str(value)[:80]})"
    if accepted != answer.startswith(b"+"):
        return f"Python {'accepts' if accepted else 'refuses'} it ({str(value)[:80]}), here: {answer[:80]}"
    if accepted and outcome(answer[1:]) != (True, value):
        return f"Python reads {str(value)[:300]}, here: {answer[:300]}"
    return None


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("probe", metavar="PROBE")
    arguments.add_argument("--texts", type=int, default=100_000, metavar="N")
    arguments.add_argument("--seed", type=int, default=1, metavar="N")
    arguments = arguments.parse_args()

    begin = time.monotonic()
    cases = [(text, True) for text in ACCEPTED] + [(text, False) for text in REFUSED]
    cases += [(text, None) for text in Maker(arguments.seed).texts(arguments.texts)]
    answers = ask(arguments.probe, [text for text, _ in cases])
    differences = 0
    for (text, expected), answer in zip(cases, answers):
        told = difference(text, answer, expected)
        if told:
            differences += 1
            if differences <= 20:
                print(f"{text[:200]!r}: {told}")
    accepted = sum(answer.startswith(b"+") for answer in answers)
    seconds = time.monotonic() - begin
    print(f"{len(cases)} texts, {accepted} accepted, {differences} differences, {seconds:.1f} s, seed {arguments.seed}")
    # A run in which hardly anything is accepted, or refused, would show little.
    sys.exit(differences > 0 or not 0.1 < accepted / len(cases) < 0.9)


main()
