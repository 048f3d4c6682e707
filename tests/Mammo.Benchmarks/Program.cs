using Mammo.Benchmarks;

// One entry a benchmark; each lives in a file of its own and writes a table.
var benchmarks = new Dictionary<string, Action<Arguments>>(StringComparer.Ordinal)
{
    ["accuracy"] = AccuracyBenchmark.Run,
    ["archive"] = ArchiveBenchmark.Run,
    ["build"] = BuildBenchmark.Run,
    ["dicom"] = DicomBenchmark.Run,
    ["jpeg"] = JpegBenchmark.Run,
    ["jpeg2000"] = Jpeg2000Benchmark.Run,
    ["cancel"] = CancelBenchmark.Run,
    ["coverage"] = CoverageBenchmark.Run,
    ["engine"] = EngineBenchmark.Run,
    ["evaluation"] = EvaluationBenchmark.Run,
    ["layers"] = LayersBenchmark.Run,
    ["memory"] = MemoryBenchmark.Run,
    ["onnx-options"] = OnnxOptionsBenchmark.Run,
    ["pipeline"] = PipelineBenchmark.Run,
    ["predict"] = PredictBenchmark.Run,
    ["promise"] = PromiseBenchmark.Run,
    ["training"] = TrainingBenchmark.Run,
};
if (args.Length > 0 && benchmarks.TryGetValue(args[0], out var benchmark))
{
    benchmark(Arguments.Parse(args[1..]));
    return 0;
}

Console.Error.WriteLine($"usage: dotnet run -c Release --project tests/Mammo.Benchmarks -- ({string.Join('|', benchmarks.Keys)}) [--option value]...");
return 1;
