import MoultPlatform
import Synchronization

/// Ctrl-C, termination requests and a batch system's warning for a program that trains: the first finishes the step, a
/// second Ctrl-C or termination request leaves at once.
public enum Interrupt {
  /// The stop signal that the process's handlers set.
  public static let stopSignal = StopSignal()

  private static let signals = [SIGINT, SIGTERM, SIGUSR1]
  /// The action of each signal before `install`.
  private static let previous = Mutex<[Int32: sigaction]>([:])

  /// Installs handlers for SIGINT, SIGTERM and SIGUSR1 and returns the stop signal to give to a trainer.
  ///
  /// The first signal sets the stop signal, so that training ends after the current step and the caller can save; a
  /// second one ends the process immediately with status 128 + signal. SIGUSR1 is what batch systems send some time
  /// before they end a job (`sbatch --signal=USR1@120`); as a second signal it does nothing, since it only asks for
  /// what is under way. After it, or after another request of the program's own such as a time limit, the first Ctrl-C
  /// or termination request takes its place in the stop signal, and the second one leaves. A signal that is ignored
  /// stays so: the program was started to ignore it (by `nohup`, or as a shell's background job). The signals are also
  /// unblocked for the calling thread: a program that was started from a thread with blocked signals inherits that, and
  /// would never get them.
  @discardableResult
  public static func install() -> StopSignal {
    stopSignal.reset()  // also makes the lazy global exist before a handler may read it
    previous.withLock { previous in
      for number in signals where previous[number] == nil {
        var old = sigaction()
        sigaction(number, nil, &old)
        // Only an atomic exchange and, at the second signal, what gives the terminal back and _exit happen in the
        // handler: all are safe at any point of the program.
        let oldHandler = signal(number) { number in
          if Interrupt.stopSignal.request(signal: number) { return }
          if number == SIGUSR1 { return }
          // A batch system's warning and a time limit may be followed by a first termination request, which must not
          // cost what is being saved.
          if let earlier = Interrupt.stopSignal.requestedSignal, earlier != SIGINT, earlier != SIGTERM,
            Interrupt.stopSignal.replace(earlier, by: number)
          {
            return
          }
          TerminalRestorer.restore()
          _exit(128 + number)
        }
        if unsafeBitCast(oldHandler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
          sigaction(number, &old, nil)
        } else {
          previous[number] = old
        }
      }
    }
    var unblocked = sigset_t()
    sigemptyset(&unblocked)
    for number in signals { sigaddset(&unblocked, number) }
    pthread_sigmask(SIG_UNBLOCK, &unblocked, nil)
    return stopSignal
  }

  /// Gives the signals the meaning back that they had before `install`.
  public static func uninstall() {
    previous.withLock { previous in
      for (number, action) in previous {
        var action = action
        sigaction(number, &action, nil)
      }
      previous = [:]
    }
  }
}
