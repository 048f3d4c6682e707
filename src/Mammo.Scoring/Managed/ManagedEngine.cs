using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Graphs.Rewriting;

namespace Mammo.Scoring.Managed;

/// <summary>Runs a network by Mammo's own kernels in float32 on the CPU; nothing native.</summary>
internal sealed unsafe class ManagedEngine : IEngine
{
    // As ONNX Runtime's engine: several small images in one run are faster, but each brings its maps; of large ones, those that are computed together.
    private const long LargestMap = 300L << 20;

    private static readonly IReadOnlyDictionary<Step, TileWork> NoWork = new Dictionary<Step, TileWork>();

    private readonly LayerGraph _graph;
    private readonly TensorShape _inputShape;
    private readonly Planner _planner;
    private readonly Workers _workers;
    private readonly bool _skipsBackground;
    private readonly IReadOnlyDictionary<string, Weight> _weights;
    private readonly double _largestError;
    private readonly long _largestJoint;
    private readonly Dictionary<(ImageSize Size, int Images), Plan> _plans = [];
    private readonly Dictionary<ImageSize, WinogradForms> _forms = [];
    private NativeFloats? _memory;
    private NativeFloats? _scratch;

    /// <summary>Prepares a network.</summary>
    /// <param name="graph">A network of one input and one output.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="options">How it runs.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelInputMismatch"/>: not one input of rows, columns and channels, or several outputs.</exception>
    public ManagedEngine(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights, ManagedOptions options)
    {
        var form = InferenceForm.Of(graph, weights, equalPlanes: true);
        (_graph, _weights, _largestError) = (form.Graph, form.Weights, options.LargestError);
        if (_graph.Inputs.Length != 1 || _graph.Outputs.Length != 1
            || _graph[_graph.Inputs[0]].Kind is not LayerKind.Input { Shape: { Rank: 3, Channels: not null } shape })
        {
            throw new MammoException(
                ErrorIds.ModelInputMismatch,
                $"Network '{graph.Name}' does not take one image and return one output.",
                "Use a network with one input of rows, columns and channels, and one output.",
                graph.Name);
        }

        _inputShape = shape;
        _planner = ProcessorLanes.Planner(options, form);
        (_workers, _skipsBackground, _largestJoint) =
            (new Workers(options.Threads), options.SkipBackground, Math.Max(1, options.LargestJointMap));
    }

    /// <summary>
    /// Why the engine does not run a network: a layer that it does not compute, or a processor on which another engine is faster; null where it does.
    /// </summary>
    public static string? Refusal(LayerGraph graph, IReadOnlyDictionary<string, Weight> weights)
    {
        if (ProcessorLanes.Widest == 0)
            return "the processor has no fused multiply-adds, which Mammo's engine needs";
        var form = InferenceForm.Of(graph, weights, equalPlanes: true).Graph;
        var shapes = ShapeInference.Infer(form);
        var other = form.Layers.FirstOrDefault(layer => !Computes(layer.Kind) || Repeats(layer, shapes));
        return other is null ? null : $"Mammo's engine does not compute layer '{other.Name}' of kind {other.Kind.KerasName}";
    }

    // Products whose inputs have other sizes repeat the smaller one; that is not computed here.
    private static bool Repeats(Layer layer, IReadOnlyDictionary<string, TensorShape> shapes) =>
        layer.Kind is LayerKind.Multiply && layer.Inputs.Any(input => !shapes[input].Sizes.SequenceEqual(shapes[layer.Inputs[0]].Sizes));

    /// <summary>Is called after each step of a run, for measurements; the step's output is in the run's memory then.</summary>
    internal Action<Step, Pass>? Observe { get; set; }

    /// <summary>The network in the form in which it runs.</summary>
    internal LayerGraph Graph => _graph;

    /// <summary>Values of the memory that runs have used so far, weights not counted.</summary>
    internal long MemoryLength => (_memory?.Length ?? 0) + (_scratch?.Length ?? 0);

    /// <inheritdoc/>
    public string Name => "mammo cpu float32";

    /// <inheritdoc/>
    public bool TakesFlipsTogether => true;

    /// <inheritdoc/>
    public EngineOutput Run(PlaneBatch batch, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Check(batch);
        var size = new ImageSize(batch.Height, batch.Width);
        var shapes = ShapeInference.Infer(_graph, size);
        var shape = shapes[_graph.Outputs[0]];
        var perImage = (int)shape.Elements!.Value;
        var values = new double[batch.Planes.Count * perImage];
        var largest = Math.Clamp(shapes.Values.Max(each => each.Elements!.Value), 1, _largestJoint);
        var perRun = (int)Math.Clamp(LargestMap / (largest * sizeof(float)), 1, batch.Planes.Count);
        for (var first = 0; first < batch.Planes.Count; first += perRun)
        {
            var images = Math.Min(perRun, batch.Planes.Count - first);
            Run(PlanFor(size, images, cancellation), batch, first, values.AsSpan(first * perImage, images * perImage), cancellation);
        }

        return new EngineOutput([batch.Planes.Count, .. shape.Sizes.Select(each => each!.Value)], values);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _planner.Dispose();
        _memory?.Dispose();
        _scratch?.Dispose();
    }

    private Plan PlanFor(ImageSize size, int images, CancellationToken cancellation)
    {
        if (_plans.TryGetValue((size, images), out var plan))
            return plan;
        if (!_forms.TryGetValue(size, out var forms))
            _forms[size] = forms = FormsFor(size, cancellation);
        return _plans[(size, images)] = _planner.Make(size, images, forms, chains: true);
    }

    /// <summary>
    /// Finds the convolutions whose error by F(4×4) is too great, and less by F(2×2), on a test image: the same for every processor and image.
    /// </summary>
    private WinogradForms FormsFor(ImageSize size, CancellationToken cancellation)
    {
        var inexact = Errors(size, WinogradForms.Fastest, cancellation).Where(error => error.Value > _largestError).ToList();
        if (inexact.Count == 0)
            return WinogradForms.Fastest;
        var others = Errors(size, new WinogradForms(inexact.Select(error => error.Key)), cancellation);
        return new WinogradForms(inexact.Where(error => others[error.Key] < error.Value).Select(error => error.Key));
    }

    /// <summary>The greatest error of each layer that takes Winograd's method.</summary>
    private Dictionary<string, double> Errors(ImageSize size, WinogradForms forms, CancellationToken cancellation)
    {
        var errors = new Dictionary<string, double>(StringComparer.Ordinal);
        var plan = _planner.Make(size, 1, forms, chains: false);
        if (plan.Steps.LastOrDefault(step => step is IWinogradStep) is not { } last)
            return errors;
        var pass = Begin(plan, plan.Rounds[0], CheckImage.Of(size), 0, skips: false);
        foreach (var step in plan.Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            var check = step is IWinogradStep ? new WinogradCheck(step, _weights, pass) : null;
            step.Run(pass);
            if (check is not null && ((IWinogradStep)step).Layer is var layer)
                errors[layer] = Math.Max(errors.GetValueOrDefault(layer), check.Error(pass));
            if (step == last)
                break;
        }

        GC.KeepAlive(this);
        return errors;
    }

    private void Check(PlaneBatch batch)
    {
        if (batch.Planes.Count == 0)
            throw new ArgumentException("The batch is empty.", nameof(batch));
        var fits = (_inputShape.Sizes[0] ?? batch.Height) == batch.Height && (_inputShape.Sizes[1] ?? batch.Width) == batch.Width
            && batch.Fits(_inputShape.Channels!.Value);
        if (fits)
            return;
        throw new MammoException(
            ErrorIds.ModelInputMismatch,
            $"Network '{_graph.Name}' takes images of {_inputShape.Sizes[0]}x{_inputShape.Sizes[1]} pixels, not {batch.Height}x{batch.Width}.",
            "Give the size that the model was made for.",
            _graph.Name);
    }

    private void Run(Plan plan, PlaneBatch batch, int first, Span<double> values, CancellationToken cancellation)
    {
        foreach (var round in plan.Rounds)
        {
            var pass = Begin(plan, round, batch, first + round.FirstImage, _skipsBackground);
            foreach (var step in plan.StepsOf(round))
            {
                cancellation.ThrowIfCancellationRequested();
                step.Run(pass);
                Observe?.Invoke(step, pass);
            }
        }

        var output = new ReadOnlySpan<float>(plan.Output.At(_memory!.Pointer), values.Length);
        for (var index = 0; index < values.Length; index++)
            values[index] = output[index];
        GC.KeepAlive(this);
    }

    /// <summary>Makes room for a plan and fills its input in, if the round begins with it.</summary>
    private Pass Begin(Plan plan, Round round, PlaneBatch batch, int first, bool skips)
    {
        Grow(ref _memory, plan.MemoryLength, "feature maps");
        Grow(ref _scratch, plan.ScratchLength * _workers.Count, "the work of its threads");
        var memory = _memory!.Pointer;
        plan.Begin(round);
        if (round.FirstStep == 0)
            Fill(plan.Input.At(memory), plan.Input.Channels, batch, first, round.Images);
        var work = skips && round.FirstStep == 0 ? EqualTiles.Find(plan, round, memory) : NoWork;
        return new Pass(memory, _scratch!.Pointer, plan.ScratchLength, round.Images, _workers, work);
    }

    private static void Fill(float* target, int channels, PlaneBatch batch, int first, int images)
    {
        foreach (var plane in batch.Planes.Skip(first).Take(images))
        {
            if (channels == 1)
            {
                plane.CopyTo(new Span<float>(target, plane.Length));
                target += plane.Length;
                continue;
            }

            // Of one plane every channel is a copy.
            var pixels = batch.Height * batch.Width;
            var next = plane.Length == pixels ? 0 : pixels;
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                for (var channel = 0; channel < channels; channel++)
                    *target++ = plane[pixel + (channel * next)];
            }
        }
    }

    private static void Grow(ref NativeFloats? memory, long length, string what)
    {
        if (memory?.Length >= length)
            return;
        memory?.Dispose();
        memory = null;
        memory = new NativeFloats(length, what);
    }

    // Named one by one: a kind or activation that is added to the networks is not computed here until somebody says so.
    private static bool Computes(LayerKind kind) => kind switch
    {
        LayerKind.Conv2D conv => conv.Groups is null && Computes(conv.Activation),
        LayerKind.SeparableConv2D conv => Computes(conv.Activation),
        LayerKind.DepthwiseConv2D conv => Computes(conv.Activation),
        LayerKind.Dense dense => Computes(dense.Activation),
        LayerKind.Activate activate => Computes(activate.Activation),
        LayerKind.Input or LayerKind.BatchNormalization or LayerKind.Rescaling or LayerKind.Dropout or LayerKind.LeakyRelu
            or LayerKind.MaxPooling2D or LayerKind.AveragePooling2D or LayerKind.GlobalAveragePooling2D or LayerKind.GlobalMaxPooling2D
            or LayerKind.TopKPooling2D or LayerKind.ZeroPadding2D or LayerKind.Cropping2D or LayerKind.UpSampling2D or LayerKind.Flatten
            or LayerKind.Reshape or LayerKind.Permute or LayerKind.Add or LayerKind.Average or LayerKind.Maximum or LayerKind.Multiply
            or LayerKind.Concatenate => true,
        _ => false,
    };

    private static bool Computes(Activation activation) =>
        activation is Activation.Linear or Activation.Relu or Activation.Softmax or Activation.Sigmoid or Activation.Tanh
        or Activation.Elu or Activation.Selu or Activation.Softplus or Activation.Softsign or Activation.HardSigmoid;
}
