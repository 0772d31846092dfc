"""Operations of TensorFlow's graphs: all that the library itself has, and among them those that run
Python, and read or write files of their own choice.

Source: the registry of operations of TensorFlow 2.21 (operations.txt), what older releases had besides, and
tensorflow/SECURITY.md ("Models are programs"). An operation of another library is code that is loaded for it.
"""

from __future__ import annotations

from pathlib import Path

from registry.parsers import words

PYTHON = frozenset({"PyFunc", "PyFuncStateless", "EagerPyFunc", "FlexPyFunc", "FlexEagerPyFunc", "PyFuncV2"})
WRITES = words(
    """
    WriteFile WriteSummary WriteScalarSummary WriteHistogramSummary WriteImageSummary WriteAudioSummary
    WriteGraphSummary WriteRawProtoSummary CreateSummaryFileWriter CreateSummaryDbWriter ImportEvent
    SaveDataset SaveDatasetV2 DistributedSave SnapshotDataset SnapshotDatasetV2 LookupTableExportToFile
    DeleteFile CopyFile RenameFile MakeDirs RecursiveCreateDir DebugIdentity DebugIdentityV2
    DebugIdentityV3 DebugNumericSummary DebugNanCount CollectiveDebug FileSystemSetConfiguration
    GcsConfigureCredentials GcsConfigureBlockCache
    """
)
READS = words(
    """
    ReadFile MatchingFiles ReadFileV2 ImmutableConst LoadLibrary LoadDataset WholeFileReader
    WholeFileReaderV2 TextLineReader TextLineReaderV2 FixedLengthRecordReader FixedLengthRecordReaderV2
    TFRecordReader TFRecordReaderV2 LMDBReader TextLineDataset TFRecordDataset TFRecordDatasetV2
    FixedLengthRecordDataset FixedLengthRecordDatasetV2 SqlDataset ExperimentalSqlDataset CSVDataset
    CSVDatasetV2 LMDBDataset ExperimentalLMDBDataset MatchingFilesDataset ExperimentalMatchingFilesDataset
    BigQueryReader RecordInput DataServiceDataset DataServiceDatasetV2 RpcCall RpcClient RpcServer TryRpc
    Rpc RpcServerStart RpcServerRegister RpcCheckStatus DataServiceDatasetV3 DataServiceDatasetV4
    RegisterDataset
    RegisterDatasetV2 GenerateVocabRemapping LoadAndRemapMatrix IO>FileRead IO>FileInit
    """
)
RUNS = PYTHON | WRITES | READS
KNOWN = frozenset(Path(__file__).with_name("operations.txt").read_text("utf-8").split())
