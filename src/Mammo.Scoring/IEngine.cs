namespace Mammo.Scoring;

/// <summary>Runs a single-input network forward on prepared planes. Made from a model for a device and precision, cached by the model, safe for calls from several threads one after the other.</summary>
internal interface IEngine : IDisposable
{
    /// <summary>Engine, device and precision in a word each: <c>torch cpu float32</c>, <c>onnx cpu float32</c>; stands in every prediction record.</summary>
    string Name { get; }

    /// <summary>Runs a batch.</summary>
    /// <exception cref="MammoException">The planes do not fit the network's input.</exception>
    EngineOutput Run(PlaneBatch batch);
}
