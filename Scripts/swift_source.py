"""Reads Swift source by its words: what a file declares, and which names it uses. Python 3, no packages.

There is no type checker here. Comments and the text of string literals are left out, code in interpolations is kept;
a scope is a file, the braces of a type or an extension, or any other braces, whose declarations are local.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

TOKEN = re.compile(r"`[^`\n]*`|[^\W\d]\w*|\d[\w.]*|[^\s\w]")
TYPES = {"struct", "class", "enum", "protocol", "actor"}
WORDS = TYPES | {
    "extension", "func", "var", "let", "case", "init", "deinit", "subscript", "typealias", "associatedtype", "import",
    "macro", "operator", "precedencegroup"}


def code(text):
    """The source without comments and without the text of strings, each replaced by spaces."""
    out, index = [], 0

    def string(index):
        """Copies the interpolations of the literal at `index`; returns where it ends."""
        start = index
        while text[index] == "#":
            index += 1
        hashes = "#" * (index - start)
        quote = '"""' if text.startswith('"""', index) else '"'
        index += len(quote)
        out.append(" ")
        while index < len(text):
            if text.startswith("\\" + hashes, index):
                index += 1 + len(hashes)
                if text[index:index + 1] == "(":
                    index = plain(index + 1, ")")
                else:
                    index += 1
            elif text.startswith(quote + hashes, index):
                return index + len(quote) + len(hashes)
            else:
                if text[index] == "\n":
                    out.append("\n")
                index += 1
        return index

    def plain(index, end=None):
        """Copies code up to `end`, which closes as many parentheses as were opened; returns what follows it."""
        depth = 0
        if end:
            out.append("(")
        while index < len(text):
            if text.startswith("//", index):
                while index < len(text) and text[index] != "\n":
                    index += 1
            elif text.startswith("/*", index):
                nested = 0
                while index < len(text):
                    if text.startswith("/*", index):
                        nested, index = nested + 1, index + 2
                    elif text.startswith("*/", index):
                        nested, index = nested - 1, index + 2
                        if nested == 0:
                            break
                    else:
                        if text[index] == "\n":
                            out.append("\n")
                        index += 1
            elif text[index] == '"' or re.match(r'#+"', text[index:index + 8]):
                index = string(index)
            else:
                if end and text[index] == "(":
                    depth += 1
                elif end and text[index] == ")":
                    if depth == 0:
                        out.append(")")
                        return index + 1
                    depth -= 1
                out.append(text[index])
                index += 1
        return index

    plain(index)
    return "".join(out)


@dataclass
class Token:
    text: str
    line: int


def tokens(text):
    result, line = [], 1
    for match in re.finditer(r"\n|" + TOKEN.pattern, text):
        if match.group() == "\n":
            line += 1
        else:
            result.append(Token(match.group().strip("`"), line))
    return result


@dataclass
class Use:
    """A name where it is used, and the token behind it."""
    name: str
    line: int
    follows_dot: bool
    next: str


@dataclass
class SwiftFile:
    """What one file declares and uses."""
    path: Path
    text: str
    # Top-level declarations, as name -> line.
    types: dict = field(default_factory=dict)
    globals: dict = field(default_factory=dict)
    # Types within types, and members of types and extensions: methods, properties, cases.
    nested: dict = field(default_factory=dict)
    members: dict = field(default_factory=dict)
    # Names declared within bodies or as private, and labels and parameters: a bare use of them is the file's own.
    locals: set = field(default_factory=set)
    # How many types are private.
    hidden: int = 0
    uses: list = field(default_factory=list)
    imports: list = field(default_factory=list)
    # (line, whether of a type) of declarations that are public or open.
    public: list = field(default_factory=list)

    @property
    def type_count(self):
        return len(self.types) + len(self.nested) + self.hidden


def read(path):
    text = Path(path).read_text(encoding="utf-8")
    file = SwiftFile(Path(path), text)
    stream = tokens(code(text))
    scopes = ["file"]      # "file", "type", "public extension" or "body"
    pending = None         # the scope that the next brace opens
    parens = []            # the pending scope outside of each open parenthesis or bracket
    at = lambda index: stream[index].text if 0 <= index < len(stream) else ""
    index = 0
    while index < len(stream):
        token, before = stream[index], at(index - 1)
        word = token.text
        inside = scopes[-1]
        declares = inside != "body" and not parens and before != "."
        if word == "{":
            scopes.append(pending or "body")
            pending = None
        elif word == "}":
            if len(scopes) > 1:
                scopes.pop()
            pending = None
        elif word in "([":
            parens.append(pending)
        elif word in ")]":
            if parens:
                pending = parens.pop()
        elif word == "import" and inside == "file":
            name = at(index + 1)
            if name in WORDS:
                name = at(index + 2)
            file.imports.append((name, token.line))
            index += 1
        elif word in TYPES and before != "." and re.match(r"[^\W\d]", at(index + 1)) and at(index + 1) not in WORDS:
            name = at(index + 1)
            declare(file, stream, index, inside, [name], file.types, file.nested)
            note_public(file, stream, index, inside, True)
            pending, index = ("body" if inside == "body" else "type"), index + 1
        elif word == "extension" and inside == "file" and not parens:
            pending = "public extension" if before == "public" else "type"
        elif word in ("typealias", "associatedtype") and before != ".":
            name = at(index + 1)
            declare(file, stream, index, inside, [name], file.types, file.nested)
            if inside != "body" and word == "typealias":
                note_public(file, stream, index, inside, False)
            index += 1
        elif word == "func" and before != ".":
            name = at(index + 1)
            if re.match(r"[^\W\d]", name):
                declare(file, stream, index, inside, [name], file.globals, file.members)
            if inside != "body":
                note_public(file, stream, index, inside, False)
            pending, index = "body", index + 1
        elif word in ("init", "subscript", "deinit") and declares and inside != "file":
            note_public(file, stream, index, inside, False)
            pending = "body"
        elif word in ("var", "let") and before != ".":
            names = variables(stream, index)
            declare(file, stream, index, "body" if parens else inside, names, file.globals, file.members)
            if inside != "body" and not parens:
                note_public(file, stream, index, inside, False)
            pending = None
        elif word == "case" and inside in ("type", "public extension") and declares:
            declare(file, stream, index, inside, cases(stream, index), file.globals, file.members)
            pending = None
        elif re.match(r"[^\W\d]", word):
            if at(index + 1) == ":" and before != "?":
                # A label, a parameter, or a key path's end; types never stand before a colon.
                file.locals.add(word)
            if at(index + 1) in ("in", "throws") or (at(index + 1) in ",)" and inside == "body" and closure_parameter(stream, index)):
                file.locals.add(word)
            if before == "for" or (before == "(" and at(index - 2) == "for"):
                file.locals.add(word)
            if word not in WORDS:
                file.uses.append(Use(word, token.line, before == ".", at(index + 1)))
        index += 1
    return file


def declare(file, stream, index, inside, names, tops, within):
    """Notes names that the word at `index` declares; what no other file can use is the file's own."""
    own = modifiers(stream, index)
    if inside == "body" or "private" in own or "fileprivate" in own:
        file.locals.update(names)
        if inside != "body":
            file.hidden += len(names) if stream[index].text in TYPES else 0
    else:
        for name in names:
            (tops if inside == "file" else within)[name] = stream[index].line


def modifiers(stream, index):
    """The words of access and kind before the declaration at `index`."""
    back = index - 1
    while back >= 0 and stream[back].text in MODIFIERS:
        back -= 1
    return {token.text for token in stream[max(back, 0):index]}


def variables(stream, index):
    """The names that `let` or `var` at `index` declares: a name, a pattern, or several with commas."""
    names, depth, index = [], 0, index + 1
    if index < len(stream) and stream[index].text == "(":
        while index < len(stream):
            text = stream[index].text
            depth += (text == "(") - (text == ")")
            if re.match(r"[^\W\d]", text):
                names.append(text)
            index += 1
            if depth == 0:
                break
        return names
    line = stream[index].line if index < len(stream) else 0
    expects = True
    while index < len(stream) and stream[index].line == line:
        text = stream[index].text
        if text in "([{<":
            depth += 1
        elif text in ")]}>":
            depth -= 1
            if depth < 0:
                break
        elif depth == 0 and text == ",":
            expects, index = True, index + 1
            continue
        elif expects and depth == 0 and re.match(r"[^\W\d]", text):
            names.append(text)
        expects = False
        index += 1
    return names


def cases(stream, index):
    names, depth, index, expects = [], 0, index + 1, True
    line = stream[index].line if index < len(stream) else 0
    while index < len(stream):
        token = stream[index]
        text = token.text
        if text in "([":
            depth += 1
        elif text in ")]":
            depth -= 1
        elif depth == 0 and text == ",":
            expects, line = True, stream[index + 1].line if index + 1 < len(stream) else 0
            index += 1
            continue
        elif depth == 0 and (token.line != line or text in "{}"):
            break
        elif expects and depth == 0 and re.match(r"[^\W\d]", text):
            names.append(text)
        expects = False
        index += 1
    return names


def closure_parameter(stream, index):
    """Whether the name at `index` is one of `{ a, b in`."""
    while index < len(stream) and (stream[index].text in ",()_" or re.match(r"[^\W\d]", stream[index].text)):
        if stream[index].text == "in":
            return True
        index += 1
    return False


MODIFIERS = {
    "static", "final", "class", "mutating", "nonmutating", "override", "lazy", "weak", "unowned", "indirect",
    "nonisolated", "consuming", "borrowing", "convenience", "required", "async", "dynamic", "isolated", "prefix",
    "postfix", "infix", "set", "private", "package", "fileprivate", "internal", "unsafe", "(", ")"}


def note_public(file, stream, index, inside, is_type):
    """Notes the declaration at `index` if it is public: by its own word, or by that of the extension around it."""
    own = modifiers(stream, index)
    if own & {"public", "open"} or (
            inside == "public extension" and not own & {"private", "fileprivate", "internal", "package"}):
        file.public.append((stream[index].line, is_type))
