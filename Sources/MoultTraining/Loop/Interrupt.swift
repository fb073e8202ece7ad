import MoultPlatform
import Synchronization

/// Signal handlers for programs that train. After the first Ctrl-C, termination request or batch-system warning,
/// training finishes its current step; a second Ctrl-C or termination request exits immediately.
public enum Interrupt {
  /// The stop signal of the process, which the handlers set.
  public static let stopSignal = StopSignal()

  private static let signals = [SIGINT, SIGTERM, SIGUSR1]
  /// The handler that each signal had before `install`.
  private static let previous = Mutex<[Int32: sigaction]>([:])

  /// Installs handlers for SIGINT, SIGTERM and SIGUSR1 and returns the stop signal to give to a trainer.
  ///
  /// The first signal sets the stop signal, so training ends after the current step and the caller can save. A second
  /// signal exits the process immediately with status 128 + signal.
  ///
  /// Batch systems send SIGUSR1 some time before they end a job (`sbatch --signal=USR1@120`). It never exits the
  /// process: as a second signal it is ignored. If SIGUSR1 or a request of the program itself, such as a time limit,
  /// came first, then the first SIGINT or SIGTERM replaces it in the stop signal, and only the next one exits.
  ///
  /// A signal that the process ignores (because of `nohup`, or in a background job of a shell) stays ignored. The
  /// signals are unblocked in the calling thread, since a process inherits blocked signals from its parent thread and
  /// its handlers would not run.
  ///
  /// - Returns: The stop signal of the process.
  @discardableResult
  public static func install() -> StopSignal {
    stopSignal.reset()  // also initializes the lazy global, before a handler can read it
    previous.withLock { previous in
      for number in signals where previous[number] == nil {
        var old = sigaction()
        sigaction(number, nil, &old)
        // A handler may run at any point of the program. This one only uses atomic operations, restores the terminal
        // and calls `_exit`, all of which are safe in a signal handler.
        let oldHandler = signal(number) { number in
          if Interrupt.stopSignal.request(signal: number) { return }
          if number == SIGUSR1 { return }
          // After a batch system's warning or a time limit, the program may be saving. The first SIGINT or SIGTERM must
          // not stop it.
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

  /// Restores the handlers that the signals had before `install`.
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
