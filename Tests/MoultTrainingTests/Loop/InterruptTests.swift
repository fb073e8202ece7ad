import Moult
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct InterruptTests {
  @Test func theFirstSignalOnlySetsTheStopSignal() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let stop = Interrupt.install()
      raise(SIGTERM)
      exit(stop.requestedSignal == SIGTERM ? 7 : 1)
    }
  }

  @Test func theSecondSignalLeavesAtOnce() async {
    await #expect(processExitsWith: .exitCode(130)) {
      Interrupt.install()
      raise(SIGTERM)
      raise(SIGINT)
      exit(1)
    }
  }

  @Test func withoutHandlersASignalMeansWhatItAlwaysMeant() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      Interrupt.install()
      Interrupt.uninstall()
      raise(SIGINT)
      exit(1)
    }
  }
}
