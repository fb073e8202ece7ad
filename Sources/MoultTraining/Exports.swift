// Programs that import MoultTraining also read and write files with it.
@_exported import MoultFormats
