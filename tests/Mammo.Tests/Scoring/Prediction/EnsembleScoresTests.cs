using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Scoring;
using Mammo.Scoring.Prediction;

namespace Mammo.Tests.Scoring.Prediction;

public sealed class EnsembleScoresTests
{
    /// <summary>Two sizes: a run for each flip of each, or for all flips.</summary>
    [Theory]
    [InlineData(false, 8)]
    [InlineData(true, 2)]
    public void Images_of_several_sizes_keep_their_place_and_flips_are_averaged(bool together, int runs)
    {
        using var engine = new FirstPixel { TakesFlipsTogether = together };
        var images = new[] { Image(2, 3, 1), Image(4, 2, 10), Image(2, 3, 100) };
        var scores = EnsembleScores.Run(engine, images, 0, CancellationToken.None);
        Assert.Equal([1 + (5 / 2.0), 10 + (7 / 2.0), 100 + (5 / 2.0)], scores.Select(score => score[0]));
        Assert.Equal(runs, engine.Runs);
    }

    [Fact]
    public void Cancelling_waits_for_one_run_of_the_network_only()
    {
        using var stop = new CancellationTokenSource();
        using var engine = new FirstPixel { OnRun = stop.Cancel };
        Assert.Throws<OperationCanceledException>(() => EnsembleScores.Run(engine, [Image(2, 3, 1)], 0, stop.Token));
        Assert.Equal(1, engine.Runs);
    }

    // Values that count up, so that the mean over the corners, which the flips bring first, is the first plus half of the rest.
    private static LoadedImage Image(int height, int width, int first)
    {
        var stored = new GreyImage(height, width, 8, [.. Enumerable.Range(first, height * width).Select(value => (ushort)value)]);
        return LoadedImage.Of(stored, [new Preparation()], augment: true);
    }

    private sealed class FirstPixel : IEngine
    {
        public string Name => "test";

        public bool TakesFlipsTogether { get; init; }

        public int Runs { get; private set; }

        public Action? OnRun { get; init; }

        public EngineOutput Run(PlaneBatch batch, CancellationToken cancellation = default)
        {
            Runs++;
            OnRun?.Invoke();
            return new EngineOutput([batch.Planes.Count, 1], [.. batch.Planes.Select(plane => (double)plane[0])]);
        }

        public void Dispose()
        {
        }
    }
}
