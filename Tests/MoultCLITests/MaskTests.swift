import Foundation
import MoultTestSupport
import Testing

@Suite struct MaskTests {
  /// One entry of `Tests/Reference/masklaw.json`, made by `Scripts/reference/make_masklaw.py`.
  private struct Reference: Decodable {
    let masks: [Mask]

    struct Mask: Decodable {
      let seed, rateBits: String
      let layer, call, domain, step, sample, rows, units, part: Int
      let kept: [String]

      var rate: Double { Double(bitPattern: UInt64(rateBits, radix: 16) ?? 0) }

      /// The options of `moult mask` that ask for it.
      var options: [(name: String, value: String)] {
        [
          ("seed", String(UInt64(seed, radix: 16) ?? 0)), ("layer", "\(layer)"), ("call", "\(call)"),
          ("domain", "\(domain)"),
          ("step", "\(step)"), ("rate", "\(rate)"), ("sample", "\(sample)"), ("rows", "\(rows)"), ("units", "\(units)"),
        ]
      }

      /// The rows as the tool prints them.
      var lines: [String] {
        kept.map { hexadecimal in
          let digits = Array(hexadecimal)
          let bytes: [UInt8] = stride(from: 0, to: digits.count, by: 2).map { start in
            UInt8(String(digits[start...start + 1]), radix: 16) ?? 0
          }
          let bits: [Character] = (0..<units).map { unit in
            let bit = bytes[unit / 8] >> UInt8(unit % 8) & 1
            return bit == 1 ? "1" : "0"
          }
          return String(bits)
        }
      }
    }

    static func read() throws -> [Mask] {
      let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Reference/masklaw.json")
      // Further parts of a use are not what the tool prints.
      return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: path)).masks.filter { $0.part == 0 }
    }
  }

  @Test func everyReferenceMaskIsPrinted() throws {
    let masks = try Reference.read()
    expectAtLeast(masks.count, 20)
    let input = masks.map { mask in
      "{" + mask.options.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ",") + "}\n"
    }
    let result = try Tool.run(["mask", "--batch"], input: input.joined())
    expectEqual(result.status, 0, "\(result.error)")
    let answers = try result.json()
    expectEqual(answers.count, masks.count)
    for (mask, answer) in zip(masks, answers) {
      expectTrue(answer["masks"] as? [String] == mask.lines, "\(mask.options)")
    }
  }

  @Test func optionsAndLinesGiveTheSameMasks() throws {
    for mask in try Reference.read().prefix(5) {
      let result = try Tool.run(["mask"] + mask.options.map { "--\($0.name)=\($0.value)" })
      expectEqual(result.lines, mask.lines, "\(mask.options)")
    }
  }

  @Test func jsonNamesTheSample() throws {
    let options = ["--rate", "0.5", "--units", "9", "--sample", "5", "--rows", "2"]
    let json = try Tool.run(["mask", "--json"] + options)
    let answer = try unwrapped(try json.json().first)
    expectTrue(answer["schema"] as? Int == 1 && answer["event"] as? String == "mask" && answer["sample"] as? Int == 5)
    expectTrue(answer["masks"] as? [String] == (try Tool.run(["mask"] + options).lines))
    let line = #"{"rate":0.5,"units":9,"sample":5,"rows":2}"#
    try expectEqual(Tool.run(["mask", "--batch"], input: line).text, json.text, "one form for both ways to ask")
  }

  @Test func aDomainHasANameAndANumber() throws {
    for (number, name) in ["training", "sampling", "shuffling", "initialization", "augmentation", "user"].enumerated() {
      let arguments = ["mask", "--rate", "0.5", "--units", "64", "--domain"]
      try expectEqual(Tool.run(arguments + [name]).text, Tool.run(arguments + ["\(number)"]).text)
    }
  }

  @Test(arguments: [
    (
      "nonsense",
      "line 1: expected a JSON object with rate, units and whole numbers, such as {\"rate\":0.5,\"units\":16}, got nonsense"
    ),
    (#"{"units":4}"#, "line 1: expected a JSON object with rate, units"),
    (#"{"rate":7,"units":4}"#, "line 1: rate: expected a rate in 0...1, got 7.0"),
    (#"{"rate":0.5,"units":4,"domain":"x"}"#, "line 1: domain: expected a name or 0 to 5, got x"),
    (
      #"{"rate":0.5,"units":4,"stepp":3}"#,
      "line 1: expected the names of options, got \"stepp\"; near it: step"
    ),
    (
      #"{"rate":0.5,"units":2,"rows":4294967295}"#,
      "line 1: rows: expected at most 268435456 units in all rows, got 4294967295 rows of 2"
    ),
  ])
  func aLineThatMakesNoSenseIsBadData(line: String, message: String) throws {
    let result = try Tool.run(["mask", "--batch"], input: line + "\n")
    expectEqual(result.status, 65)
    expectTrue(result.error.contains(message), "\(result.error)")
  }

  @Test func domainsMayBeNamedInALine() throws {
    let lines = #"{"rate":0.5,"units":40,"domain":"sampling"}"# + "\n\n" + #"{"rate":0.5,"units":40,"domain":1}"# + "\n"
    let answers = try Tool.run(["mask", "--batch"], input: lines).json().map { $0["masks"] as? [String] }
    expectEqual(answers.count, 2)
    expectEqual(answers[0], answers[1])
  }
}
