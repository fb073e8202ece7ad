import MoultTestSupport
import Testing

@Suite struct InfoTests {
  @Test func namesTheMachineAndTheInstructionSet() throws {
    let json = try unwrapped(try Tool.run(["info", "--json", "--threads", "1"]).json().first)
    expectTrue(json["event"] as? String == "info")
    expectTrue(json["threads"] as? Int == 1)
    try expectAtLeast(unwrapped(json["cores"] as? Int), 1)
    expectTrue(["portable", "avx2", "avx512"].contains(json["instruction_set"] as? String))
    expectEqual((json["promises"] as? [String])?.count, 3)
  }

  @Test func environmentVariablesLowerThreadsAndInstructions() throws {
    let json = try Tool.run(["info", "--json"], environment: ["MOULT_THREADS": "1", "MOULT_ISA": "portable"]).json()
    expectTrue(json.first?["threads"] as? Int == 1)
    expectTrue(json.first?["instruction_set"] as? String == "portable")
  }

  @Test func peopleGetATable() throws {
    let lines = try Tool.run(["info"]).lines
    expectEqual(lines.first?.hasPrefix("moult            "), true)
    expectTrue(lines.contains { $0.hasPrefix("instruction set  ") })
  }
}
