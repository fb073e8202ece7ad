import MoultTraining
import MoultTestSupport
import Testing

/// The reader of JSON takes what RFC 8259 allows, and nothing else.
@Suite struct JSONValueTests {
  private static let values: [(String, JSONValue)] = [
    ("null", .null), ("true", .bool(true)), ("false", .bool(false)), ("\"a\"", .string("a")),
    ("[]", .array([])), ("{}", .object([:])), ("[1, [null]]", .array([.unsigned(1), .array([.null])])),
    ("{\"a\": {\"b\": [true]}}", .object(["a": .object(["b": .array([.bool(true)])])])),
    (" \t\r\n[ 1 ,\n2 ] ", .array([.unsigned(1), .unsigned(2)])),
  ]

  @Test(arguments: values) func valuesOfEveryKindAreRead(text: String, value: JSONValue) {
    expectEqual(JSONValue(text), value)
  }

  private static let numbers: [(String, JSONValue)] = [
    ("0", .unsigned(0)), ("-0", .unsigned(0)), ("0.0", .unsigned(0)), ("1.0", .unsigned(1)),
    ("10", .unsigned(10)), ("1e5", .unsigned(100_000)), ("1E+2", .unsigned(100)), ("250e-1", .unsigned(25)),
    ("18446744073709551615", .unsigned(.max)), ("18446744073709551616", .number(0x1p64)),
    ("9007199254740993", .unsigned(9_007_199_254_740_993)), ("-1", .number(-1)), ("-1.5", .number(-1.5)),
    ("0.25", .number(0.25)), ("-0.5e-1", .number(-0.05)), ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)),
  ]

  @Test(arguments: numbers) func wholeNumbersFromZeroOnAreExactAndOthersAreDoubles(text: String, value: JSONValue) {
    expectEqual(JSONValue(text), value)
    expectEqual(JSONValue("[\(text)]"), .array([value]))
  }

  @Test(arguments: [
    "+1", ".5", "-.5", "01", "-01", "00", "1.", "1.e5", "-", "--1", "1-", "1-2", "1e", "1e+", "1E-", "1e5.5", "1.2.3",
    "e5", "0x10", "1_000", "1e999", "-1e999", "NaN", "nan", "Infinity", "-inf", "١",
  ])
  func whatIsNoNumberOfJSONIsRefused(text: String) {
    expectNil(JSONValue(text))
    expectNil(JSONValue("[\(text)]"))
    expectNil(JSONValue("{\"a\": \(text), \"b\": 1}"))
  }

  @Test func numbersAreReadAsWhatIsAskedFor() {
    expectTrue(JSONValue("1.0")?.int == 1 && JSONValue("1.0")?.double == 1)
    expectTrue(JSONValue("-3")?.int == -3 && JSONValue("-3")?.double == -3)
    expectEqual(JSONValue("9223372036854775807")?.int, .max)
    expectNil(JSONValue("9223372036854775808")?.int)
    expectEqual(JSONValue("18446744073709551615")?.double, 0x1p64)
    expectTrue(JSONValue("0.5")?.int == nil && JSONValue("\"1\"")?.int == nil && JSONValue("\"1\"")?.double == nil)
  }

  @Test(arguments: [
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u00E9""#, "Aéé"), (#""\u0000""#, "\0"),
    (#""\ud83d\ude00""#, "😀"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"), (#""a\ud83d\ude00b""#, "a😀b"),
    ("\"é 日本 😀\"", "é 日本 😀"), ("\"\u{FEFF}\"", "\u{FEFF}"), ("\"\u{7F}\"", "\u{7F}"),
  ])
  func escapesAndSurrogatePairsAreCharacters(text: String, value: String) {
    expectEqual(JSONValue(text), .string(value))
  }

  @Test(arguments: [
    #""\ud83d""#, #""\ude00""#, #""\ude00\ud83d""#, #""\ud83d\ud83d""#, #""\ud83d\u0041""#, #""\ud83dx""#,
    #""\ud83d\n""#, #""\ud83d\""#, #""\u12""#, #""\u12g4""#, #""\u+123""#, #""\x41""#, #""\'""#, #""\""#, "\"", "\"a",
    "\"\n\"", "\"\t\"", "\"\u{1F}\"", "'a'",
  ])
  func loneSurrogatesWrongEscapesAndControlCharactersAreRefused(text: String) {
    expectNil(JSONValue(text))
  }

  @Test(arguments: [
    "", " ", "nul", "nulll", "True", "[1] 2", "{} {}", "null,", "1 1", "\"a\" \"b\"", "[1,]", "[,1]", "[1 2]", "[1",
    "]", "{\"a\":1,}", "{\"a\" 1}", "{\"a\":}", "{a:1}", "{1:1}", "{", "// 1", "1 // one", "\u{A0}1", "\0", "1\0",
  ])
  func bytesThatAreNoValueOrStandBehindItAreRefused(text: String) {
    expectNil(JSONValue(text))
  }

  @Test func aByteOrderMarkCountsAtTheBeginningOnly() {
    expectEqual(JSONValue("\u{FEFF}1"), .unsigned(1))
    expectEqual(JSONValue("\u{FEFF} {}"), .object([:]))
    for text in ["\u{FEFF}", "\u{FEFF}\u{FEFF}1", " \u{FEFF}1", "1\u{FEFF}", "[\u{FEFF}1]"] {
      expectNil(JSONValue(text))
    }
  }

  /// More lists within each other could overflow the stack.
  @Test func fiveHundredListsWithinEachOtherAreTheMost() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    expectTrue(JSONValue(nested(500)) != nil)
    expectNil(JSONValue(nested(501)))
    expectNil(JSONValue(nested(1_000_000)))
    expectTrue(JSONValue(String(repeating: "{\"a\":", count: 499) + "1" + String(repeating: "}", count: 499)) != nil)
    expectNil(JSONValue(String(repeating: "{\"a\":", count: 500) + "1" + String(repeating: "}", count: 500)))
  }

  /// RFC 8259 leaves it open.
  @Test func theLastOfEqualNamesCounts() {
    expectEqual(JSONValue("{\"a\": 1, \"a\": 2}"), .object(["a": .unsigned(2)]))
  }
}
