@_exported import MoultCore
@_exported import MoultNN
@_exported import MoultTraining
