using System.Collections.Frozen;
using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Models;

/// <summary>A network with its weights and its card: what goes along the pipeline. Training replaces the weights of the same instance.</summary>
public sealed class MammoModel : IDisposable
{
    private readonly Dictionary<object, IDisposable> _engines = [];
    private readonly object _gate = new();
    private FrozenDictionary<string, Weight> _weights;
    private string? _hash;
    private bool _isDisposed;

    /// <summary>Joins a network and its weights, which must fit.</summary>
    /// <param name="name">Short name, mostly the file's without its extension.</param>
    /// <param name="graph">The network.</param>
    /// <param name="weights">Weights by path name, canonical layout.</param>
    /// <param name="card">What is known about the model.</param>
    /// <exception cref="MammoException">
    /// <see cref="ErrorIds.ModelWeightMismatch"/>: a weight is missing, superfluous or of another shape; <see cref="ErrorIds.ModelClassMismatch"/>: the card
    /// names another number of classes than there are outputs, an empty name or one twice, whatever its case of letters;
    /// <see cref="ErrorIds.MeanCountMismatch"/>: or another number of means than there are channels; <see cref="ErrorIds.EnsembleInvalid"/>: or parts that
    /// the network has not.
    /// </exception>
    public MammoModel(string name, LayerGraph graph, IEnumerable<KeyValuePair<string, Weight>> weights, ModelCard card)
    {
        Name = name;
        Graph = graph;
        _weights = Checked(graph, weights);
        Card = Checked(card, graph);
    }

    /// <summary>Short name.</summary>
    public string Name { get; }

    /// <summary>The network without weights.</summary>
    public LayerGraph Graph { get; private set; }

    /// <summary>What is known about the model.</summary>
    public ModelCard Card { get; private set; }

    /// <summary>Class names in the order of the outputs: the card's, or <c>class0</c>, <c>class1</c>, … where the card names none.</summary>
    public ImmutableArray<string> Classes => Card.Classes.IsDefaultOrEmpty
        ? [.. Enumerable.Range(0, OutputCount).Select(label => FormattableString.Invariant($"class{label}"))]
        : Card.Classes;

    /// <summary>
    /// Weights by path name, canonical layout, float32. Not public: Export-Clixml and ConvertTo-Json would write out every one of the millions.
    /// </summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelRemoved"/>.</exception>
    internal IReadOnlyDictionary<string, Weight> Weights
    {
        get
        {
            ThrowIfRemoved();
            return _weights;
        }
    }

    /// <summary>Full path of the file that it was read from; null where it was made, trained or put together in memory.</summary>
    internal string? File { get; set; }

    /// <summary>The fingerprint of the weights as they are (<see cref="WeightHash"/>), computed once.</summary>
    internal string ComputedHash
    {
        get => _hash ??= WeightHash.Of(Weights);
        init => _hash = value;
    }

    /// <summary>Number of weight values, moving statistics included.</summary>
    public long ParameterCount => WeightPlan.Of(Graph).Sum(weight => weight.Elements);

    /// <summary>Number of outputs per image or position: the last size of the first output.</summary>
    public int OutputCount => ShapeInference.Infer(Graph)[Graph.Outputs[0]].Channels ?? 0;

    /// <summary>The layers as a table, without touching the weights.</summary>
    public ImmutableArray<LayerListing> Layers => LayerListing.Of(Graph);

    /// <summary>The networks of an ensemble, whose probabilities are averaged; empty for a model that is one network.</summary>
    public ImmutableArray<ModelPart> Parts => Card.Parts;

    /// <summary>True after <see cref="Dispose"/>.</summary>
    public bool IsDisposed => _isDisposed;

    /// <summary>Puts trained weights and an updated card in place of the old ones and drops the engines made from those.</summary>
    /// <param name="weights">Weights by path name.</param>
    /// <param name="card">The new card.</param>
    /// <param name="graph">The network with other weight decay and dropout rates; null keeps it.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelWeightMismatch"/>: the weights do not fit the network; nothing is changed.</exception>
    public void Update(IEnumerable<KeyValuePair<string, Weight>> weights, ModelCard card, LayerGraph? graph = null)
    {
        var fitting = Checked(graph ?? Graph, weights);
        lock (_gate)
        {
            ThrowIfRemoved();
            (_weights, Card, Graph, File, _hash) = (fitting, Checked(card, graph ?? Graph), graph ?? Graph, null, null);
            DropEngines();
        }
    }

    /// <summary>The same network and weights under another card, sharing the arrays.</summary>
    public MammoModel WithCard(ModelCard card) => new(Name, Graph, Weights, card) { File = File, _hash = _hash };

    /// <summary>Frees the weights and every engine made from the model.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _weights = FrozenDictionary<string, Weight>.Empty;
            DropEngines();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Card.Architecture ?? Graph.Name})";

    /// <summary>The engine made for a key (device, precision), kept until the weights change; engines own native memory and finalize it themselves.</summary>
    internal T Cached<T>(object key, Func<T> make)
        where T : IDisposable
    {
        lock (_gate)
        {
            ThrowIfRemoved();
            if (!_engines.TryGetValue(key, out var kept))
                _engines[key] = kept = make();
            return (T)kept;
        }
    }

    private static FrozenDictionary<string, Weight> Checked(LayerGraph graph, IEnumerable<KeyValuePair<string, Weight>> weights)
    {
        var given = weights.ToFrozenDictionary(StringComparer.Ordinal);
        var plan = WeightPlan.Of(graph);
        foreach (var wanted in plan)
        {
            if (!given.TryGetValue(wanted.Name, out var weight))
                throw Mismatch($"Weight '{wanted.Name}' of shape {Text(wanted.Shape)} is missing.", wanted.Name);
            if (!weight.Shape.SequenceEqual(wanted.Shape) || weight.Values.LongLength != wanted.Elements)
                throw Mismatch($"Weight '{wanted.Name}' has shape {Text(weight.Shape)} but the network needs {Text(wanted.Shape)}.", wanted.Name);
        }

        var shapes = ShapeInference.Infer(graph);
        foreach (var call in graph.Layers.Where(layer => layer.SharedWith is not null))
        {
            foreach (var wanted in WeightPlan.Of(call, shapes[call.Inputs[0]]))
            {
                var name = string.Concat(call.SharedWith, wanted.Name.AsSpan(call.Name.Length));
                if (!given.TryGetValue(name, out var shared))
                    throw Mismatch($"Weight '{name}', which '{call.Name}' shares, is missing.", name);
                if (!shared.Shape.SequenceEqual(wanted.Shape))
                    throw Mismatch($"Weight '{name}' has shape {Text(shared.Shape)} but '{call.Name}', which shares it, needs {Text(wanted.Shape)}.", name);
            }
        }

        if (given.Count == plan.Count)
            return given;
        var known = plan.Select(wanted => wanted.Name).ToHashSet(StringComparer.Ordinal);
        var superfluous = given.Keys.First(name => !known.Contains(name));
        throw Mismatch($"Weight '{superfluous}' belongs to no layer of the network.", superfluous);

        MammoException Mismatch(string what, string target) => new(
            ErrorIds.ModelWeightMismatch, $"The weights do not fit network '{graph.Name}': {what}", "Use the weights that were saved with this network.",
            target);

        static string Text(IEnumerable<int> shape) => "(" + string.Join(", ", shape) + ")";
    }

    private ModelCard Checked(ModelCard card, LayerGraph graph)
    {
        if (!card.Parts.IsEmpty && EnsembleGraph.Complaint(graph, card.Parts) is { } wrong)
            throw new MammoException(
                ErrorIds.EnsembleInvalid, $"'{Name}' is not the ensemble that its card describes: {wrong}.",
                "Make it again from its models, with Join-MammoModel.", Name);
        if (card.Decision is { Count: 0, Rule.Upper: { } threshold } && OutputCount != 2)
            throw new MammoException(
                ErrorIds.ModelOptionConflict,
                FormattableString.Invariant($"The threshold {threshold} is not for model '{Name}' with {OutputCount} outputs: it needs two classes."),
                "Leave it out.",
                Name);
        if (card.FeaturewiseMean is { Single: null } mean)
            mean.For(ModelPreparation.Channels(Graph), $"the input of '{Name}'");
        if (!card.Classes.IsDefaultOrEmpty && ClassNames.Complaint(card.Classes) is { } complaint)
            throw new MammoException(
                ErrorIds.ModelClassMismatch, $"The classes of model '{Name}' cannot be used: {complaint}.",
                "Name each class once, in the order of the outputs.", Name);
        if (card.Classes.IsDefaultOrEmpty || card.Classes.Length == OutputCount)
            return card;
        throw new MammoException(
            ErrorIds.ModelClassMismatch,
            $"Model '{Name}' has {OutputCount} outputs, but {card.Classes.Length} classes are named: {string.Join(", ", card.Classes)}.",
            "Name one class per output, in the order of the outputs.",
            Name);
    }

    private void ThrowIfRemoved()
    {
        if (_isDisposed)
            throw new MammoException(ErrorIds.ModelRemoved, $"Model '{Name}' was removed, so its weights are gone.", "Import or make it again.", Name);
    }

    private void DropEngines()
    {
        foreach (var engine in _engines.Values)
            engine.Dispose();
        _engines.Clear();
    }
}
