// src/scan/postgres-lexis.ts
var TAB = 9;
var LINE_FEED = 10;
var CARRIAGE_RETURN = 13;
var SPACE = 32;
var DOUBLE_QUOTE = 34;
var DOLLAR = 36;
var AMPERSAND = 38;
var QUOTE = 39;
var STAR = 42;
var DASH = 45;
var DOT = 46;
var COLON = 58;
var SEMICOLON = 59;
var EQUALS = 61;
var BACKSLASH = 92;
var IN_WORD = asciiTable(/[A-Za-z0-9_$]/);
var IN_NAME = asciiTable(/[A-Za-z0-9_]/);
var IS_DIGIT = asciiTable(/\d/);
var READERS = Array.from(
  { length: 128 },
  (_, code) => readerOf(String.fromCharCode(code))
);
function lexerOf(text) {
  return { text, at: 0, open: void 0 };
}
function readToken(lexer) {
  const start = lexer.at;
  const reader = READERS[lexer.text.charCodeAt(start)] ?? readWord;
  return reader(lexer, start);
}
function isSpace(code) {
  return code === SPACE || code >= TAB && code <= CARRIAGE_RETURN;
}
function hasTokens(text) {
  const lexer = lexerOf(text);
  while (lexer.at < text.length) {
    const kind = readToken(lexer);
    if (kind !== "space" && kind !== "comment") {
      return true;
    }
  }
  return lexer.open !== void 0;
}
function readerOf(character) {
  const readers = [
    [/[\t\n\v\f\r ]/, readSpace],
    [/[eE]/, readEscapeStringOrWord],
    [/[bBxXnN]/, readPrefixedStringOrWord],
    [/[uU]/, readUnicodeOrWord],
    [/[A-Za-z_]/, readWord],
    [/\d/, readNumber],
    [/'/, (lexer, start) => readQuoted(lexer, start, "'")],
    [/"/, (lexer, start) => readQuoted(lexer, start, '"')],
    [/\$/, readDollar],
    [/-/, readDash],
    [/\//, readSlash],
    [/;/, (lexer, start) => single(lexer, start, "semicolon")],
    [/\(/, (lexer, start) => single(lexer, start, "open")],
    [/\)/, (lexer, start) => single(lexer, start, "close")],
    [/:/, readColon],
    [/\\/, readBackslash],
    [/\./, readDot]
  ];
  return readers.find(([pattern]) => pattern.test(character))?.[1] ?? readOther;
}
function asciiTable(pattern) {
  return Uint8Array.from(
    { length: 128 },
    (_, code) => pattern.test(String.fromCharCode(code)) ? 1 : 0
  );
}
function endOfRun(text, from, table) {
  let end = from;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code < 128 && table[code] === 0) {
      break;
    }
  }
  return end;
}
function single(lexer, start, kind) {
  lexer.at = start + 1;
  return kind;
}
function readOther(lexer, start) {
  return single(lexer, start, "other");
}
function readSpace(lexer, start) {
  let end = start + 1;
  while (isSpace(lexer.text.charCodeAt(end))) {
    end += 1;
  }
  lexer.at = end;
  return "space";
}
function readWord(lexer, start) {
  lexer.at = endOfRun(lexer.text, start + 1, IN_WORD);
  return "word";
}
function readEscapeStringOrWord(lexer, start) {
  return lexer.text.charCodeAt(start + 1) === QUOTE ? readEscapeString(lexer, start + 1) : readWord(lexer, start);
}
function readPrefixedStringOrWord(lexer, start) {
  return lexer.text.charCodeAt(start + 1) === QUOTE ? readQuoted(lexer, start + 1, "'") : readWord(lexer, start);
}
function readUnicodeOrWord(lexer, start) {
  const { text } = lexer;
  const quote = text.charCodeAt(start + 1) === AMPERSAND ? text.charCodeAt(start + 2) : 0;
  if (quote === QUOTE) {
    return readQuoted(lexer, start + 2, "'");
  }
  return quote === DOUBLE_QUOTE ? readQuoted(lexer, start + 2, '"') : readWord(lexer, start);
}
function readQuoted(lexer, start, quote) {
  const { text } = lexer;
  let end = text.indexOf(quote, start + 1);
  while (end !== -1 && text[end + 1] === quote) {
    end = text.indexOf(quote, end + 2);
  }
  return end === -1 ? breakOff(lexer, quote === "'" ? "quote" : "identifier") : closeAt(lexer, end + 1);
}
function readEscapeString(lexer, start) {
  const { text } = lexer;
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      at += 2;
    } else if (code !== QUOTE) {
      at += 1;
    } else if (text.charCodeAt(at + 1) === QUOTE) {
      at += 2;
    } else {
      const next = continuation(text, at + 1);
      if (next === -1) {
        return closeAt(lexer, at + 1);
      }
      at = next;
    }
  }
  return breakOff(lexer, "quote");
}
function continuation(text, from) {
  let at = from;
  let seenReturn = false;
  for (; ; ) {
    const code = text.charCodeAt(at);
    if (code === DASH && text.charCodeAt(at + 1) === DASH) {
      at = endOfLine(text, at);
    } else if (isSpace(code) && code !== LINE_FEED) {
      seenReturn ||= code === CARRIAGE_RETURN;
      at += 1;
    } else {
      return seenReturn && code === QUOTE ? at + 1 : -1;
    }
  }
}
function readDollar(lexer, start) {
  const { text } = lexer;
  if (isDigit(text.charCodeAt(start + 1))) {
    return readNumber(lexer, start + 1);
  }
  const end = endOfRun(text, start + 1, IN_NAME);
  if (text.charCodeAt(end) !== DOLLAR) {
    return readOther(lexer, start);
  }
  const tag = text.slice(start, end + 1);
  const close = text.indexOf(tag, end + 1);
  return close === -1 ? breakOff(lexer, "dollar quote") : closeAt(lexer, close + tag.length);
}
function readNumber(lexer, start) {
  const { text } = lexer;
  let end = endOfRun(text, start, IS_DIGIT);
  if (text.charCodeAt(end) === DOT && text.charCodeAt(end + 1) !== DOT) {
    end += 1;
  }
  end = endOfRun(text, end, IN_NAME);
  lexer.at = Math.max(end, start + 1);
  return "other";
}
function readDot(lexer, start) {
  return isDigit(lexer.text.charCodeAt(start + 1)) ? readNumber(lexer, start + 1) : readOther(lexer, start);
}
function readDash(lexer, start) {
  if (lexer.text.charCodeAt(start + 1) !== DASH) {
    return readOther(lexer, start);
  }
  lexer.at = endOfLine(lexer.text, start);
  return "comment";
}
function endOfLine(text, from) {
  let end = from;
  while (end < text.length && !isLineEnd(text.charCodeAt(end))) {
    end += 1;
  }
  return end;
}
function isLineEnd(code) {
  return code === LINE_FEED || code === CARRIAGE_RETURN;
}
function readSlash(lexer, start) {
  const { text } = lexer;
  if (text.charCodeAt(start + 1) !== STAR) {
    return readOther(lexer, start);
  }
  let at = start + 2;
  let nested = text.indexOf("/*", at);
  for (let depth = 1; depth > 0; ) {
    const close = text.indexOf("*/", at);
    if (close === -1) {
      breakOff(lexer, "comment");
      return "comment";
    }
    const opens = nested !== -1 && nested < close;
    depth += opens ? 1 : -1;
    at = (opens ? nested : close) + 2;
    nested = nested !== -1 && nested < at ? text.indexOf("/*", at) : nested;
  }
  lexer.at = at;
  return "comment";
}
function readColon(lexer, start) {
  const { text } = lexer;
  const next = text.charCodeAt(start + 1);
  if (next === COLON || next === EQUALS) {
    return closeAt(lexer, start + 2);
  }
  const end = endOfVariable(text, start + 1);
  if (end === -1) {
    return readOther(lexer, start);
  }
  lexer.at = end;
  return "variable";
}
function endOfVariable(text, from) {
  const opening = /^(?:['"]|\{\?)/.exec(text.slice(from, from + 2))?.[0] ?? "";
  const nameStart = from + opening.length;
  const end = endOfRun(text, nameStart, IN_NAME);
  if (end === nameStart) {
    return -1;
  }
  if (opening === "") {
    return end;
  }
  return text[end] === (opening === "{?" ? "}" : opening) ? end + 1 : -1;
}
function readBackslash(lexer, start) {
  const next = lexer.text.charCodeAt(start + 1);
  if (next === SEMICOLON || next === COLON) {
    lexer.at = start + 2;
    return "escape";
  }
  return single(lexer, start, "backslash");
}
function isDigit(code) {
  return code >= 48 && code <= 57;
}
function closeAt(lexer, end) {
  lexer.at = end;
  return "other";
}
function breakOff(lexer, open) {
  lexer.at = lexer.text.length;
  lexer.open = open;
  return "other";
}

export {
  lexerOf,
  readToken,
  isSpace,
  hasTokens
};
