import Foundation
import Moult
import MoultTestSupport
import Testing

@Suite struct JSONOutputTests {
  @Test func keysKeepTheirOrder() {
    let json: JSONOutput = ["schema": 1, "event": "epoch", "a": [1, .number(2.5), true, .null], "z": ["k": "v"]]
    expectEqual(json.line, #"{"schema":1,"event":"epoch","a":[1,2.5,true,null],"z":{"k":"v"}}"#)
  }

  @Test func numbersReadBackAsThemselves() throws {
    for value in [
      0 as Double, -0.1, 1e-300, .leastNonzeroMagnitude, 1 / 3, 1e21, 123_456_789.125, .greatestFiniteMagnitude,
    ] {
      let text = JSONOutput.number(value).line
      let decoded = try JSONDecoder().decode([Double].self, from: Data("[\(text)]".utf8))
      expectEqual(decoded, [value], "\(text)")
    }
    expectEqual(JSONOutput.unsigned(.max).line, "18446744073709551615")
  }

  @Test func numbersThatJSONDoesNotHaveBecomeNull() {
    expectEqual(JSONOutput.array([.number(.nan), .number(.infinity), .optional(nil)]).line, "[null,null,null]")
  }

  @Test func textComesBackWhateverIsInIt() throws {
    let text = (0...0x7F).compactMap { Unicode.Scalar($0) }.map(String.init).joined() + "é🦜\u{2028}\\\"/"
    let decoded = try JSONDecoder().decode([String].self, from: Data(JSONOutput.array([.string(text)]).line.utf8))
    expectEqual(decoded, [text])
  }

  @Test func noControlCharacterIsWrittenAsItIs() {
    let line = JSONOutput.string("\u{1B}[31mred\n").line
    expectTrue(line.unicodeScalars.allSatisfy { $0.value >= 0x20 })
  }

  @Test func indentedTextIsForPeople() {
    let json: JSONOutput = ["a": 1, "b": [1, 2], "c": ["d": .null], "e": .object([])]
    expectEqual(json.indented, "{\n  \"a\": 1,\n  \"b\": [1,2],\n  \"c\": {\n    \"d\": null\n  },\n  \"e\": {}\n}\n")
  }
}
