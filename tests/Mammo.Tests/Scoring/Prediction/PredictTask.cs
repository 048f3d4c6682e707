using Mammo.Data.Datasets;
using Mammo.Data.Images;
using Mammo.Scoring;
using Mammo.Scoring.Prediction;

namespace Mammo.Tests.Scoring.Prediction;

/// <summary>Predicts many images in a process that does nothing else, so that its memory can be measured.</summary>
internal static class PredictTask
{
    public const string Name = "predict";
    public const int Measured = 300;
    public static readonly ImageSize Size = new(192, 128);

    /// <summary>Writes by how many bytes the process grew while it scored <see cref="Measured"/> images, after as many to warm up. Its argument is the
    /// engine.</summary>
    public static void Run(string[] arguments)
    {
        using var model = PredictorTests.Small(1, Size);
        using var predictor = new Predictor([model], PredictorTests.Options(Enum.Parse<EngineKind>(arguments[0])) with { WorkerCount = 2 });
        var (done, before) = (0, 0L);
        foreach (var result in Enumerable.Repeat(new MammoImage(PredictorTests.Image), 2 * Measured).SelectMany(predictor.Add).Concat(predictor.Finish()))
        {
            Assert.NotNull(result.Prediction);
            if (++done == Measured)
                before = MemoryInUse();
        }

        Console.WriteLine(FormattableString.Invariant($"{MemoryInUse() - before}"));
    }

    private static long MemoryInUse()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Environment.WorkingSet;
    }
}
