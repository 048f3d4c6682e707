using System.Text.Json.Nodes;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Models;
using Mammo.Scoring;
using Mammo.Scoring.Engines;
using Mammo.Scoring.Heatmaps;
using Mammo.Scoring.Inputs;

namespace Mammo.Tests.Scoring.Engines;

/// <summary>The faster engine is used, whichever it is, and what was measured is kept where the user asked for it and nowhere else.</summary>
public sealed class EngineTrialTests
{
    private static readonly ImageSize Size = new(4, 4);

    [Theory]
    [InlineData(40, 400, EngineKind.Mammo)]
    [InlineData(400, 40, EngineKind.Onnx)]
    [InlineData(2000, 1990, EngineKind.Onnx)]
    [InlineData(2000, 2010, EngineKind.Mammo)]
    public void The_faster_engine_is_kept_and_the_other_disposed(int mammo, int onnx, EngineKind expected)
    {
        var clock = new Clock();
        var (own, other) = (new Takes(mammo, clock), new Takes(onnx, clock));
        var (result, engine) = EngineTrial.Run(() => own, () => other, Size, clock, TestContext.Current.CancellationToken);
        Assert.Equal(new TrialResult(expected, mammo / 1000.0, onnx / 1000.0), result);
        var (winner, loser) = expected == EngineKind.Mammo ? (own, other) : (other, own);
        Assert.Same(winner, engine);
        Assert.Equal((false, true), (winner.IsDisposed, loser.IsDisposed));
        Assert.Contains("measured", result.ToString(), StringComparison.Ordinal);
    }

    /// <summary>.NET compiles the engine's code again while it runs, so that its first runs say little.</summary>
    [Fact]
    public void An_engine_that_becomes_faster_after_some_runs_is_given_time()
    {
        var clock = new Clock();
        var (result, _) = EngineTrial.Run(
            () => new Takes(100, clock) { SlowRuns = 4 }, () => new Takes(120, clock), Size, clock, TestContext.Current.CancellationToken);
        Assert.Equal(new TrialResult(EngineKind.Mammo, 0.1, 0.12), result);
    }

    [Theory]
    [InlineData(1, 0.1, 0.5)]
    [InlineData(100, 1, 1)]
    [InlineData(1000, 4, 4)]
    public void Engines_of_the_same_speed_are_not_run_for_long(int milliseconds, double atLeast, double atMost)
    {
        var clock = new Clock();
        EngineTrial.Run(
            () => new Takes(milliseconds, clock), () => new Takes(milliseconds, clock), Size, clock, TestContext.Current.CancellationToken);
        Assert.InRange(clock.GetElapsedTime(0).TotalSeconds, atLeast, atMost);
    }

    [Fact]
    public void A_much_slower_engine_is_given_up_in_its_first_run()
    {
        var slow = new Hangs();
        var clock = new Clock();
        var (result, _) = EngineTrial.Run(() => new Takes(30, clock), () => slow, Size, clock, TestContext.Current.CancellationToken);
        Assert.Equal((EngineKind.Mammo, null, true), (result.Engine, result.OnnxSeconds, slow.IsDisposed));
    }

    [Theory]
    [InlineData(ErrorIds.OnnxUnavailable, "ONNX Runtime cannot be loaded")]
    [InlineData(ErrorIds.OnnxTooLarge, "says why")]
    [InlineData(ErrorIds.EngineFailed, "says why")]
    public void Where_onnx_runtime_cannot_make_the_network_the_other_runs(string id, string reason)
    {
        var clock = new Clock();
        var (result, engine) = EngineTrial.Run(
            () => new Takes(30, clock), () => throw new MammoException(id, "says why", "-"), Size, clock,
            TestContext.Current.CancellationToken);
        Assert.Equal((EngineKind.Mammo, reason), (result.Engine, result.ToString()));
        engine.Dispose();
    }

    /// <summary>In a run after the first ones, when both engines have been timed.</summary>
    [Fact]
    public void A_failure_of_onnx_runtime_leaves_mammo_and_one_of_mammo_is_no_choice()
    {
        var clock = new Clock();
        var (own, other) = (new Takes(50, clock), new Takes(40, clock) { FailsAt = 4 });
        var (result, engine) = EngineTrial.Run(() => own, () => other, Size, clock, TestContext.Current.CancellationToken);
        Assert.Equal(new TrialResult(EngineKind.Mammo, 0.05, null, "fails"), result);
        Assert.Same(own, engine);
        var path = Path.Combine(Shared.NewFolder(), "engines.json");
        Assert.Null(new TrialMemory(path).Keep(TrialKey.Of(new TestNetwork().Input("in", 4, 4, 1).Graph(), Size), result));
        Assert.False(File.Exists(path));

        (own, other) = (new Takes(50, clock) { FailsAt = 3 }, new Takes(40, clock));
        var failure = Assert.Throws<MammoException>(() =>
            EngineTrial.Run(() => own, () => other, Size, clock, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorIds.EngineFailed, failure.ErrorId);
        Assert.True(own.IsDisposed && other.IsDisposed);
    }

    /// <summary>At a size that no other test has tried.</summary>
    [Fact]
    public void A_test_of_inputs_and_heatmaps_end_the_trial_when_they_are_cancelled()
    {
        using var model = ChooseEngineTask.Model();
        var cancelled = new CancellationToken(canceled: true);
        var options = new PredictorOptions { Device = "cpu", Preparation = new() { ImageSize = new ImageSize(264, 256), RescaleFactor = 1, FeaturewiseMean = 52 } };
        Assert.ThrowsAny<OperationCanceledException>(() => new InputTest(model, options, cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() => new HeatmapMaker(
            model, new HeatmapOptions { Images = options, AvgPoolSize = new Size2D(4, 4) }, cancelled));
    }

    [Fact]
    public void A_trial_that_is_cancelled_leaves_no_engine()
    {
        var own = new Hangs();
        using var end = new CancellationTokenSource(50);
        Assert.ThrowsAny<OperationCanceledException>(() => EngineTrial.Run(() => own, () => new Hangs(), Size, cancellation: end.Token));
        Assert.True(own.IsDisposed);
    }

    [Theory]
    [InlineData(EngineKind.Mammo)]
    [InlineData(EngineKind.Auto)]
    public void A_network_with_another_layer_falls_back_whole_and_says_why(EngineKind kind)
    {
        var graph = new TestNetwork().Input("in", Size.Height, Size.Width, 1).Then("odd", new LayerKind.LayerNormalization(1e-3, true, true))
            .Then("pool", new LayerKind.GlobalAveragePooling2D()).Then("classes", new LayerKind.Dense(2, true, Activation.Softmax)).Graph();
        using var model = new MammoModel("odd", graph, TestNetwork.Weights(graph), new ModelCard { Classes = ["neg", "pos"] });
        var engine = EngineFactory.For(
            model, new PredictorOptions { Engine = kind, Device = "cpu" }, size: Size, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("onnx cpu float32", engine.Name);
        Assert.Contains("layer 'odd' of kind LayerNormalization", engine.Decision, StringComparison.Ordinal);
    }

    /// <summary>A model keeps its engine; what is said of it is true of the latest call.</summary>
    [Fact]
    public void Who_names_the_engine_is_not_told_what_was_measured_for_others()
    {
        using var model = ChooseEngineTask.Model();
        string Decision(EngineKind kind, ImageSize? size = null) => EngineFactory.For(
            model, new PredictorOptions { Engine = kind, Device = "cpu" }, size: size ?? ChooseEngineTask.Size,
            cancellation: TestContext.Current.CancellationToken).Decision;
        var measured = Decision(EngineKind.Auto);
        Assert.Contains("(measured", measured, StringComparison.Ordinal);
        Assert.Equal("mammo cpu float32", Decision(EngineKind.Mammo));
        Assert.Equal("onnx cpu float32", Decision(EngineKind.Onnx));
        Assert.Equal(measured, Decision(EngineKind.Auto));
        Assert.Equal("onnx cpu float32 (an image takes less time than a trial of engines saves)", Decision(EngineKind.Auto, Size));
    }

    [Fact]
    public void Other_engines_are_not_made_twice_for_background_that_they_do_not_skip()
    {
        using var model = ChooseEngineTask.Model();
        IEngine For(EngineKind kind, bool skips) => EngineFactory.For(
            model, new PredictorOptions { Engine = kind, Device = "cpu", SkipBackground = skips }, size: Size,
            cancellation: TestContext.Current.CancellationToken);
        Assert.Same(For(EngineKind.Onnx, skips: true), For(EngineKind.Onnx, skips: false));
        Assert.NotSame(For(EngineKind.Mammo, skips: true), For(EngineKind.Mammo, skips: false));
    }

    [Fact]
    public void What_was_measured_is_read_again_and_foreign_files_are_left_alone()
    {
        var path = Path.Combine(Shared.NewFolder(), "engines.json");
        var graph = new TestNetwork().Input("in", Size.Height, Size.Width, 1).Then("conv", TestNetwork.Conv(1)).Graph();
        var (key, other) = (TrialKey.Of(graph, Size), TrialKey.Of(graph, new ImageSize(8, 8)));
        var result = new TrialResult(EngineKind.Mammo, 0.25, 0.5);
        var memory = new TrialMemory(path);
        Assert.Null(memory.Find(key));
        Assert.Null(memory.Keep(key, result));
        Assert.Null(memory.Keep(other, result with { Engine = EngineKind.Onnx }));
        Assert.Equal(result, new TrialMemory(path).Find(key));
        Assert.Equal(EngineKind.Onnx, new TrialMemory(path).Find(other)?.Engine);

        File.WriteAllText(path, "path,label\na.png,neg\n");
        Assert.Null(new TrialMemory(path).Find(key));
        Assert.Contains(path, new TrialMemory(path).Keep(key, result), StringComparison.Ordinal);
        Assert.Equal("path,label\na.png,neg\n", File.ReadAllText(path));
    }

    /// <summary>The file is that of the environment; what is written into it in between shows that the second process measures nothing.</summary>
    [Fact]
    public void What_one_process_measured_the_next_one_uses()
    {
        var path = Path.Combine(Shared.NewFolder(), "engines.json");
        string Decision() =>
            Assert.Single(ChildProcess.RunTask(ChooseEngineTask.Name, [], (TrialMemory.FileVariable, path)).Lines);
        Assert.Contains("(measured: mammo ", Decision(), StringComparison.Ordinal);
        var rows = JsonNode.Parse(File.ReadAllText(path))!.AsArray();
        var result = Assert.Single(rows)!["result"]!;
        var other = (string)result["engine"]! == "Mammo" ? EngineKind.Onnx : EngineKind.Mammo;
        (result["engine"], result["mammo_seconds"], result["onnx_seconds"]) = (other.ToString(), 123, 456);
        File.WriteAllText(path, rows.ToJsonString());
        Assert.Equal($"{other.ToString().ToLowerInvariant()} cpu float32 (measured: mammo 123 s an image, onnx 456 s)", Decision());
    }

    [Fact]
    public void Another_network_or_size_is_measured_for_itself()
    {
        static TrialKey Key(int filters, int rows) => TrialKey.Of(
            new TestNetwork().Input("in", null, null, 1).Then("conv", TestNetwork.Conv(filters)).Graph(), new ImageSize(rows, 4));
        Assert.Equal(Key(1, 4), Key(1, 4));
        Assert.NotEqual(Key(1, 4), Key(2, 4));
        Assert.NotEqual(Key(1, 4), Key(1, 5));
        Assert.NotEmpty(Key(1, 4).Processor);
    }

    /// <summary>A clock that only engines move.</summary>
    private sealed class Clock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Move(int milliseconds) => _ticks += milliseconds * TimeSpan.TicksPerMillisecond;
    }

    /// <summary>Takes as long as it is said to.</summary>
    private sealed class Takes(int milliseconds, Clock clock) : IEngine
    {
        public bool IsDisposed { get; private set; }

        public int SlowRuns { get; set; }

        public int? FailsAt { get; set; }

        public string Name => "takes";

        public EngineOutput Run(PlaneBatch batch, CancellationToken cancellation = default)
        {
            if (--FailsAt == 0)
                throw new MammoException(ErrorIds.EngineFailed, "fails", "-");
            clock.Move(milliseconds * (1 + Math.Max(0, SlowRuns--)));
            return new EngineOutput([1], [0]);
        }

        public void Dispose() => IsDisposed = true;
    }

    /// <summary>Runs until it is cancelled.</summary>
    private sealed class Hangs : IEngine
    {
        public bool IsDisposed { get; private set; }

        public string Name => "hangs";

        public EngineOutput Run(PlaneBatch batch, CancellationToken cancellation = default)
        {
            cancellation.WaitHandle.WaitOne();
            throw new OperationCanceledException(cancellation);
        }

        public void Dispose() => IsDisposed = true;
    }
}
