import Moult
import MoultPlatform
import MoultTestSupport
import Testing

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

  /// A batch system warns before it ends a job, and a time limit ends one by itself; the first termination request that
  /// follows must not cost what is being saved, and is what the program then ends by.
  @Test(arguments: [(SIGUSR1, SIGTERM), (SIGUSR1, SIGINT), (SIGALRM, SIGTERM), (SIGALRM, SIGINT)])
  func theFirstRequestAfterAWarningTakesItsPlace(warning: Int32, next: Int32) async {
    await #expect(processExitsWith: .exitCode(7)) { [warning, next] in
      let stop = Interrupt.install()
      stop.request(signal: warning)
      raise(next)
      exit(stop.requestedSignal == next ? 7 : 1)
    }
    await #expect(processExitsWith: .exitCode(143)) { [warning, next] in
      let stop = Interrupt.install()
      stop.request(signal: warning)
      raise(next)
      raise(SIGTERM)
      exit(1)
    }
  }

  @Test func aWarningIsHeardOnceAndChangesNothingAfterwards() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let stop = Interrupt.install()
      raise(SIGUSR1)
      raise(SIGUSR1)
      exit(stop.requestedSignal == SIGUSR1 ? 7 : 1)
    }
    expectEqual(MoultError(.interrupted(signal: SIGUSR1), "").exitCode, 128 + SIGUSR1)
  }

  @Test func withoutHandlersASignalMeansWhatItAlwaysMeant() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      Interrupt.install()
      Interrupt.uninstall()
      raise(SIGINT)
      exit(1)
    }
  }

  @Test func aSignalThatWasIgnoredFromTheStartStaysIgnored() async {
    await #expect(processExitsWith: .exitCode(7)) {
      signal(SIGINT, SIG_IGN)
      let stop = Interrupt.install()
      raise(SIGINT)
      raise(SIGINT)
      exit(stop.requestedSignal == nil ? 7 : 1)
    }
  }

  @Test func aHandlerThatWasThereBeforeComesBack() async {
    await #expect(processExitsWith: .exitCode(9)) {
      signal(SIGTERM) { _ in _exit(9) }
      Interrupt.install()
      Interrupt.install()
      Interrupt.uninstall()
      raise(SIGTERM)
      exit(1)
    }
  }
}
