import Testing

@Suite struct BenchTests {
  @Test(arguments: [[], ["--inputs", "mnist"], ["--optimizer", "adam", "--input-dropout", "0.2"]])
  func aStepIsTimedThePromisedWay(options: [String]) throws {
    let arguments = ["bench", "step", "--repetitions", "5", "--model", "784-32x2-10", "--batch-size", "8", "--json"]
    let result = try Tool.run(arguments + options)
    #expect(result.status == 0, "\(result.error)")
    let json = try #require(try result.json().first)
    #expect(json["schema"] as? Int == 1 && json["event"] as? String == "bench")
    #expect(json["repetitions"] as? Int == 5)
    let (median, fastest) = (
      try #require(json["microseconds_median"] as? Double), try #require(json["microseconds_min"] as? Double)
    )
    #expect(fastest > 0 && fastest <= median)
    #expect(json["model"] as? String == "784-32-32-10")
  }

  @Test func peopleGetALine() throws {
    let result = try Tool.run(["bench", "step", "--repetitions", "5", "--model", "20-8-2", "--batch-size", "4"])
    #expect(result.lines.count == 1)
    #expect(result.lines[0].hasPrefix("step of 20-8-2, batch 4, dropout 0.5, normal inputs"))
  }
}
