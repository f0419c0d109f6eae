"""Carries a tutorial out on a copy of the repository: carry-out.py PAGE COPY.

A fenced block belongs to the line before it:

    New file `PATH`:                    the block is the file
    In `PATH`, after `TEXT`:            the block goes behind the one line that contains TEXT
    In `PATH`, before `TEXT`:           the block goes before that line
    In `PATH`, `TEXT` becomes:          the block, less its last line break, takes the place of TEXT, which is there once
    From `PATH`:                        the block stands in the file, word for word

A block of sh is run, command by command. A block of swift without such a line is an error, so that nothing on the page
is only said. Lines of prose may stand between.
"""

import pathlib
import re
import subprocess
import sys
import time

NEW = re.compile(r"^New file `([^`]+)`:$")
BESIDE = re.compile(r"^In `([^`]+)`, (after|before) `(.+)`:$")
FROM = re.compile(r"^From `([^`]+)`:$")
BECOMES = re.compile(r"^In `([^`]+)`, `(.+)` becomes:$")


def fail(message):
    sys.exit(f"check-extending: {message}")


def blocks(page):
    """Yields (heading, line before, language, text, number of the line) for each fenced block."""
    heading, before, language, text, start = "", "", None, [], 0
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if language is not None:
            if line == "```":
                yield heading, before, language, "".join(part + "\n" for part in text), start
                before, language = "", None
            else:
                text.append(line)
        elif line.startswith("```"):
            language, text, start = line[3:], [], number
        elif line.startswith("## "):
            heading = line[3:]
        elif line:
            before = line
    if language is not None:
        fail(f"{page}:{start}: the block has no end")


def one_line(lines, text, place):
    found = [index for index, line in enumerate(lines) if text in line]
    if len(found) != 1:
        fail(f"{place}: {len(found)} lines contain {text!r}, not one")
    return found[0]


def change(copy, before, text, place):
    if match := NEW.match(before):
        path = copy / match[1]
        if path.exists():
            fail(f"{place}: {match[1]} is there already")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    elif match := BESIDE.match(before):
        path = copy / match[1]
        lines = path.read_text().splitlines(keepends=True)
        index = one_line(lines, match[3], place)
        lines.insert(index + (match[2] == "after"), text)
        path.write_text("".join(lines))
    elif match := BECOMES.match(before):
        path = copy / match[1]
        content = path.read_text()
        if content.count(match[2]) != 1:
            fail(f"{place}: {match[2]!r} is in {match[1]} {content.count(match[2])} times, not once")
        path.write_text(content.replace(match[2], text[:-1]))
    elif match := FROM.match(before):
        if text not in (copy / match[1]).read_text():
            fail(f"{place}: {match[1]} does not say so")
    else:
        fail(f"{place}: it is not said where the block goes")


def main():
    page, copy = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    shown = ""
    for heading, before, language, text, number in blocks(page):
        if heading != shown:
            shown = heading
            print(f"-- {heading}", flush=True)
        place = f"{page.name}:{number}"
        if language == "swift":
            change(copy, before, text, place)
        elif language == "sh":
            for command in text.splitlines():
                print(f"$ {command}", flush=True)
                start = time.monotonic()
                done = subprocess.run(
                    ["bash", "-c", command], cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
                )
                if done.returncode:
                    print(done.stdout)
                    fail(f"{place}: the command ended with {done.returncode}")
                if "swift test" in command and not re.search(r"with [1-9]\d* tests?\b", done.stdout):
                    fail(f"{place}: the command ran no test")
                print(f"  done in {time.monotonic() - start:.0f} s", flush=True)
        elif language:
            fail(f"{place}: {language} is neither swift nor sh")
    print(f"{page.name} is true.")


main()
