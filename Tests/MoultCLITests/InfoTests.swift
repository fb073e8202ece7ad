import Testing

@Suite struct InfoTests {
  @Test func namesTheMachineAndTheInstructionSet() throws {
    let json = try #require(try Tool.run(["info", "--json", "--threads", "1"]).json().first)
    #expect(json["event"] as? String == "info")
    #expect(json["threads"] as? Int == 1)
    #expect(try #require(json["cores"] as? Int) >= 1)
    #expect(["portable", "avx2", "avx512"].contains(json["instruction_set"] as? String))
    #expect((json["promises"] as? [String])?.count == 3)
  }

  @Test func environmentVariablesLowerThreadsAndInstructions() throws {
    let json = try Tool.run(["info", "--json"], environment: ["MOULT_THREADS": "1", "MOULT_ISA": "portable"]).json()
    #expect(json.first?["threads"] as? Int == 1)
    #expect(json.first?["instruction_set"] as? String == "portable")
  }

  @Test func peopleGetATable() throws {
    let lines = try Tool.run(["info"]).lines
    #expect(lines.first?.hasPrefix("moult            ") == true)
    #expect(lines.contains { $0.hasPrefix("instruction set  ") })
  }
}
