using System.Diagnostics;
using Mammo.Networks.Files.Onnx;
using Mammo.Networks.Graphs.Rewriting;
using Mammo.Networks.Models;
using Microsoft.ML.OnnxRuntime;

namespace Mammo.Benchmarks;

/// <summary>Session options of ONNX Runtime side by side on the published networks: <c>--model vgg16 --variants bare,no-spin --rounds 5 --threads
/// 1</c>.</summary>
internal static class OnnxOptionsBenchmark
{
    private static readonly Dictionary<string, Variant> Variants = new(StringComparer.Ordinal)
    {
        ["bare"] = new(EqualPlanes: false, Folded: false),
        ["folded"] = new(EqualPlanes: false),
        ["one-plane"] = new(),
        ["threads-1"] = new(Configure: options => options.IntraOpNumThreads = 1),
        ["threads-2"] = new(Configure: options => options.IntraOpNumThreads = 2),
        ["threads-3"] = new(Configure: options => options.IntraOpNumThreads = 3),
        ["threads-4"] = new(Configure: options => options.IntraOpNumThreads = 4),
        ["batch-2"] = new(Batch: 2),
        ["batch-4"] = new(Batch: 4),
        ["batch-fixed-1"] = new(Configure: options => options.AddFreeDimensionOverrideByName("batch", 1)),
        ["batch-fixed-4"] = new(Batch: 4, Configure: options => options.AddFreeDimensionOverrideByName("batch", 4)),
        ["parallel"] = new(Configure: options => options.ExecutionMode = ExecutionMode.ORT_PARALLEL),
        ["extended"] = new(Configure: options => options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED),
        ["no-spin"] = new(Configure: options => options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0")),
        ["spin-50us"] = new(Configure: options => options.AddSessionConfigEntry("session.intra_op.spin_duration_us", "50")),
        ["spin-500us"] = new(Configure: options => options.AddSessionConfigEntry("session.intra_op.spin_duration_us", "500")),
        ["no-pattern"] = new(Configure: options => options.EnableMemoryPattern = false),
        ["no-pattern-arena"] = new(Configure: options => (options.EnableMemoryPattern, options.EnableCpuMemArena) = (false, false)),
        ["no-arena"] = new(Configure: options => options.EnableCpuMemArena = false),
        ["blocks-4"] = new(Configure: options => options.AddSessionConfigEntry("session.dynamic_block_base", "4")),
        ["blocks-8"] = new(Configure: options => options.AddSessionConfigEntry("session.dynamic_block_base", "8")),
        ["denormal-zero"] = new(Configure: options => options.AddSessionConfigEntry("session.set_denormal_as_zero", "1")),
        ["pointwise-256"] = new(Configure: options => options.AddSessionConfigEntry("mlas.nchwc_pointwise_conv_max_input_channel_batch", "256")),
        ["pointwise-512"] = new(Configure: options => options.AddSessionConfigEntry("mlas.nchwc_pointwise_conv_max_input_channel_batch", "512")),
    };

    public static void Run(Arguments arguments)
    {
        using var model = BenchmarkModels.Make(arguments.Text("model", "vgg16"));
        var names = arguments.List("variants", string.Join(',', Variants.Keys));
        var sessions = names.Select(name => Variants[name].Start(model, arguments.Number("threads", 0))).ToArray();
        var peakOfModel = PeakMegabytes();
        Console.WriteLine(
            Comparison.Run(
                [.. names.Zip(sessions, (name, session) => new Candidate(name, session.Batch, session.Run))],
                arguments.Number("rounds", 3),
                arguments.Number("attempts", 1)));
        foreach (var session in sessions)
            session.Dispose();

        // Of one variant only where one was named: sessions keep their memory.
        Console.WriteLine(FormattableString.Invariant($"peak working set {PeakMegabytes()} MB, of which {peakOfModel} MB with sessions loaded but not run"));
    }

    private static long PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 >> 20;
    }

    private sealed record Variant(bool EqualPlanes = true, bool Folded = true, int Batch = 1, Action<SessionOptions>? Configure = null)
    {
        public BareSession Start(MammoModel model, int threads)
        {
            var form = Folded ? InferenceForm.Of(model.Graph, model.Weights, EqualPlanes) : new InferenceForm(model.Graph, model.Weights);
            using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            Configure?.Invoke(options);
            if (threads > 0)
                options.IntraOpNumThreads = threads;
            return new BareSession(OnnxFile.Bytes(form), options, Batch);
        }
    }
}
