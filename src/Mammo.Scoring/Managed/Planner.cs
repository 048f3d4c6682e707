using System.Collections.Immutable;
using Mammo.Data.Images;
using Mammo.Networks.Graphs;
using Mammo.Networks.Graphs.Rewriting;

namespace Mammo.Scoring.Managed;

/// <summary>Makes plans of one network for images of any size.</summary>
internal abstract class Planner : IDisposable
{
    /// <summary>A planner for a width of registers.</summary>
    /// <param name="form">The network in its form for inference, of one input and one output.</param>
    /// <param name="options">How it runs.</param>
    public static Planner For<TLanes>(InferenceForm form, ManagedOptions options)
        where TLanes : struct, ILanes<TLanes> => new Planner<TLanes>(form, options);

    /// <summary>Makes a plan.</summary>
    /// <param name="size">Rows and columns of the images.</param>
    /// <param name="images">Images of a run.</param>
    /// <param name="forms">Forms of Winograd's method.</param>
    /// <param name="chains">Steps may be joined to chains.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelGraphInvalid"/>: a layer does not fit its input.</exception>
    public abstract Plan Make(ImageSize size, int images, WinogradForms forms, bool chains);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>Makes plans for one width of registers.</summary>
/// <param name="form">The network in its form for inference, of one input and one output.</param>
/// <param name="options">How it runs.</param>
internal sealed class Planner<TLanes>(InferenceForm form, ManagedOptions options) : Planner
    where TLanes : struct, ILanes<TLanes>
{
    private readonly WeightStore<TLanes> _weights = new(form.Weights);

    /// <inheritdoc/>
    public override Plan Make(ImageSize size, int images, WinogradForms forms, bool chains)
    {
        var shapes = new Dictionary<string, TensorShape>(ShapeInference.Infer(form.Graph, size), StringComparer.Ordinal);
        var operations = Fusion.Of(form.Graph, shapes, options.KeepsLayers);
        var maps = new MapLayout(operations, shapes, form.Graph.Outputs[0]);
        var steps = operations.SelectMany(operation => new StepFactory<TLanes>(operation, maps, shapes, _weights, forms).Make()).ToImmutableArray();
        var output = maps[form.Graph.Outputs[0]];
        var joined = chains && !options.KeepsLayers ? Chaining.Apply(steps, output) : steps;
        return new Plan(maps[form.Graph.Inputs[0]], output, joined, images, options.LargestJointMap);
    }

    /// <inheritdoc/>
    public override void Dispose() => _weights.Dispose();
}
