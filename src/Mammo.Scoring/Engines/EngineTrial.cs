using System.Globalization;
using Mammo.Data.Images;
using Mammo.Scoring.Managed;

namespace Mammo.Scoring.Engines;

/// <summary>What a trial found: which engine runs a network at a size, and why.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="MammoSeconds">Seconds that Mammo's engine took for an image; null where it was not run.</param>
/// <param name="OnnxSeconds">Seconds that ONNX Runtime took; null where it is not there, was given up as too slow, or did not need to be tried.</param>
/// <param name="Reason">Why there was nothing to compare; null where there was.</param>
internal sealed record TrialResult(EngineKind Engine, double? MammoSeconds, double? OnnxSeconds, string? Reason = null)
{
    /// <summary>For people.</summary>
    public override string ToString() => Reason ?? string.Create(
        CultureInfo.InvariantCulture,
        $"measured: mammo {MammoSeconds:0.####} s an image, onnx {(OnnxSeconds is { } seconds ? $"{seconds:0.####} s" : "given up as slower")}");
}

/// <summary>
/// Runs a network by Mammo's engine and by ONNX Runtime on one image without background, which is the least that the first one can save, and keeps the
/// faster one.
/// </summary>
internal static class EngineTrial
{
    // Unless Mammo's engine is that much faster in the first turn, runs are repeated, in turns, and the least times are taken: .NET compiles the engine's code
    // again while it runs. It is enough when so many turns have not made it faster by that much, or after so many seconds of runs.
    private const double Clear = 1.3;
    private const int TurnsWithoutGain = 3;
    private const double Gain = 0.95;
    private const double MostSeconds = 2;

    // Times of few milliseconds are the least of several in a row.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(25);

    // ONNX Runtime's threads look for work for some time after a run (40 ms were measured), which takes a core from whoever runs next.
    private static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(100);

    // The first run of an engine allocates; it is given up where that cannot explain its time.
    private const double Patience = 2.5;
    private static readonly TimeSpan LeastPatience = TimeSpan.FromMilliseconds(500);

    /// <summary>Measures; returns the engine that won, and disposes the other.</summary>
    /// <param name="mammo">Makes Mammo's engine.</param>
    /// <param name="onnx">Makes ONNX Runtime's.</param>
    /// <param name="size">Rows and columns of the images.</param>
    /// <param name="clock">Times the runs; null for the system's.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="MammoException">An engine cannot run the network, usually out of memory.</exception>
    public static (TrialResult Result, IEngine Engine) Run(
        Func<IEngine> mammo, Func<IEngine> onnx, ImageSize size, TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        clock ??= TimeProvider.System;
        var batch = CheckImage.Of(size);
        IEngine? own = null;
        IEngine? other = null;
        try
        {
            double? others = null;
            string? failure = null;
            try
            {
                other = onnx();
            }
            catch (MammoException missing) when (IsOnnxFailure(missing))
            {
                return (new TrialResult(EngineKind.Mammo, null, null, ReasonOf(missing)), mammo());
            }

            own = mammo();
            own.Run(batch, cancellation);
            var seconds = Seconds(own);
            Other(() => others = IsTooSlow(other, batch, seconds * Patience, cancellation) ? null : Seconds(other));
            var spent = seconds + others.GetValueOrDefault();
            for (var turns = 0; others <= seconds * Clear && spent + seconds + others <= MostSeconds && turns < TurnsWithoutGain;)
            {
                cancellation.WaitHandle.WaitOne(Calm);
                var (begin, before) = (clock.GetTimestamp(), seconds);
                seconds = Math.Min(seconds, Seconds(own));
                Other(() => others = Math.Min(others.Value, Seconds(other)));
                turns = seconds < before * Gain ? 0 : turns + 1;
                spent += clock.GetElapsedTime(begin).TotalSeconds;
            }

            var result = new TrialResult(others <= seconds ? EngineKind.Onnx : EngineKind.Mammo, seconds, others, failure);
            return result.Engine == EngineKind.Onnx ? (result, Take(ref other)) : (result, Take(ref own));

            // Where ONNX Runtime cannot run the network, Mammo's engine can all the same.
            void Other(Action run)
            {
                try
                {
                    run();
                }
                catch (MammoException failed) when (failed.ErrorId == ErrorIds.EngineFailed)
                {
                    (others, failure) = (null, failed.Message);
                }
            }
        }
        finally
        {
            own?.Dispose();
            other?.Dispose();
        }

        double Seconds(IEngine engine)
        {
            var (least, start) = (TimeSpan.MaxValue, clock.GetTimestamp());
            do
            {
                var begin = clock.GetTimestamp();
                engine.Run(batch, cancellation);
                var time = clock.GetElapsedTime(begin);
                least = time < least ? time : least;
            }
            while (clock.GetElapsedTime(start) < Shortest);
            return least.TotalSeconds;
        }
    }

    /// <summary>ONNX Runtime cannot run a network: its library is not there, the network is above 2 GB, or usually memory is short.</summary>
    public static bool IsOnnxFailure(MammoException failure) =>
        failure.ErrorId is ErrorIds.OnnxUnavailable or ErrorIds.OnnxTooLarge or ErrorIds.EngineFailed;

    /// <summary>Why Mammo's engine runs it then. The loader's own message is long.</summary>
    public static string ReasonOf(MammoException failure) =>
        failure.ErrorId == ErrorIds.OnnxUnavailable ? "ONNX Runtime cannot be loaded" : failure.Message;

    private static IEngine Take(ref IEngine? engine)
    {
        var taken = engine!;
        engine = null;
        return taken;
    }

    private static bool IsTooSlow(IEngine engine, PlaneBatch batch, double seconds, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var limit = TimeSpan.FromSeconds(seconds);
        end.CancelAfter(limit < LeastPatience ? LeastPatience : limit);
        try
        {
            engine.Run(batch, end.Token);
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return true;
        }
    }
}
