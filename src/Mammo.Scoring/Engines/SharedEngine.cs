using Mammo.Data.Images;
using Mammo.Networks.Graphs;

namespace Mammo.Scoring.Engines;

/// <summary>
/// A model's engine while pipelines hold it: one run at a time, and an error instead of freed memory when the model was removed or trained on in between.
/// </summary>
/// <param name="engine">The engine; owned.</param>
/// <param name="graph">The network that it runs.</param>
/// <param name="model">Name of the model, for messages.</param>
/// <param name="gradientsAt">Name of the layer to whose maps it takes gradients; null for none.</param>
internal sealed class SharedEngine(IEngine engine, LayerGraph graph, string model, string? gradientsAt = null) : IEngine
{
    private readonly object _gate = new();
    private bool _isDisposed;

    /// <inheritdoc/>
    public string Name => engine.Name;

    /// <inheritdoc/>
    public bool TakesFlipsTogether => engine.TakesFlipsTogether;

    /// <summary>Why another engine than the one that was asked for runs the network; null where it is that one.</summary>
    public string? Refusal { get; init; }

    /// <summary>Why it was chosen by who asked last: for it, or for another size of image than those before. Null for no reason.</summary>
    public string? Reason { get; set; }

    /// <inheritdoc/>
    public string Decision => (Refusal ?? Reason) is { } why ? $"{Name} ({why})" : Name;

    /// <inheritdoc/>
    public EngineOutput Run(PlaneBatch batch, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                throw new MammoException(
                    ErrorIds.ModelRemoved, $"Model '{model}' was removed or trained while it was predicting.", "Let the pipeline end first.", model);
            }

            ActivationMemory.Require(graph, new ImageSize(batch.Height, batch.Width), model, gradientsAt);
            return engine.Run(batch, cancellation);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            engine.Dispose();
        }
    }
}
