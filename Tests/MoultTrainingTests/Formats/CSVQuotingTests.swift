import MoultCore
import MoultTraining
import MoultTestSupport
import Testing

@Suite struct CSVQuotingTests {
  @Test(arguments: [
    ("plain text", "plain text"), ("", ""), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
    ("a\nb", "\"a\nb\""),
    ("a\r\nb", "\"a\r\nb\""), ("a\"\u{301},b", "\"a\"\"\u{301},b\""), (",\u{301}", "\",\u{301}\""), ("é", "é"),
  ])
  func whatWouldEndAFieldIsQuoted(text: String, field: String) throws {
    expectEqual(Array(text.quotedForCSV.utf8), Array(field.utf8))
    guard !text.isEmpty else { return }
    let reader = try CSVReader(Array("x,y\n\(text.quotedForCSV),1\n".utf8), location: "x")
    try expectTrue(reader.next() && Array(reader.text(at: 0).utf8) == Array(text.utf8) && reader.text(at: 1) == "1")
  }
}
