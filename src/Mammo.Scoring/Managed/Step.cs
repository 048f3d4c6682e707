using System.Collections.Immutable;

namespace Mammo.Scoring.Managed;

/// <summary>One operation of a plan: reads maps, writes one.</summary>
/// <param name="name">The layer whose output it computes.</param>
/// <param name="inputs">What it reads.</param>
/// <param name="output">What it writes.</param>
internal abstract class Step(string name, ImmutableArray<FeatureMap> inputs, FeatureMap output)
{
    /// <summary>The layer whose output it computes.</summary>
    public string Name { get; } = name;

    /// <summary>What it reads.</summary>
    public ImmutableArray<FeatureMap> Inputs { get; } = inputs;

    /// <summary>What it writes.</summary>
    public FeatureMap Output { get; } = output;

    /// <summary>All maps that it needs memory for.</summary>
    public virtual IEnumerable<FeatureMap> Maps => Inputs.Append(Output);

    /// <summary>Values that a worker writes down for itself.</summary>
    public virtual long ScratchLength => 0;

    /// <summary>Memory that all workers share during the step; null for none.</summary>
    public virtual Storage? Shared => null;

    /// <summary>Computes the output.</summary>
    public abstract void Run(Pass pass);
}
