using TorchSharp;

namespace Mammo.Torch.Training.Optimizers;

/// <summary>Changes weights in place after their gradients. Keeps a fixed number of tensors (slots) of a weight's shape for each weight.</summary>
/// <param name="slotNames">Names of the slots, which all start at zero.</param>
internal abstract class Optimizer(params string[] slotNames) : IDisposable
{
    /// <summary>Added to denominators, uncorrected for bias; Keras 2.0.8's and the original's value everywhere.</summary>
    protected const double Epsilon = 1e-8;

    private readonly Dictionary<string, torch.Tensor[]> _slots = new(StringComparer.Ordinal);

    /// <summary>Keras's <c>decay</c>: the learning rate is divided by 1 + decay · (steps done).</summary>
    public double Decay { get; init; }

    /// <summary>Steps done.</summary>
    public long Iterations { get; private set; }

    /// <summary>One optimiser with the original's settings.</summary>
    public static Optimizer Make(OptimizerKind kind) => kind switch
    {
        OptimizerKind.Sgd => new Sgd(momentum: 0.9, nesterov: true),
        OptimizerKind.Rmsprop => new Rmsprop(),
        OptimizerKind.Adagrad => new Adagrad(),
        OptimizerKind.Adadelta => new Adadelta(),
        OptimizerKind.Adam => new Adam(),
        OptimizerKind.Adamax => new Adamax(),
        OptimizerKind.Nadam => new Nadam(),
        OptimizerKind.AdamW => new AdamW(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Changes every weight that has a gradient.</summary>
    public void Step(IEnumerable<TrainedWeight> weights, double learningRate)
    {
        var rate = learningRate / (1 + Decay * Iterations);
        Iterations++;
        Begin();
        using var noGradient = torch.no_grad();
        foreach (var weight in weights)
        {
            using var scope = torch.NewDisposeScope();
            if (weight.Value.grad is { } gradient)
                Update(weight, gradient, SlotsOf(weight), rate);
        }
    }

    /// <summary>The state as named tensors (slot, slash, weight), which stay the optimiser's own.</summary>
    public IEnumerable<KeyValuePair<string, torch.Tensor>> State() =>
        _slots.SelectMany(pair => slotNames.Zip(pair.Value, (slot, tensor) => KeyValuePair.Create($"{slot}/{pair.Key}", tensor)));

    /// <summary>Takes up a state that <see cref="State"/> gave.</summary>
    /// <param name="iterations">Steps done so far.</param>
    /// <param name="weights">The weights that the state belongs to.</param>
    /// <param name="read">Copies the saved tensor of a name into the given one; false when there is none.</param>
    public void Restore(long iterations, IEnumerable<TrainedWeight> weights, Func<string, torch.Tensor, bool> read)
    {
        for (Iterations = 0; Iterations < iterations;)
        {
            Iterations++;
            Begin();
        }

        using var noGradient = torch.no_grad();
        foreach (var weight in weights)
        {
            // Slots take the weight's memory layout before they are filled: other strides could round vectorised sums differently.
            var slots = SlotsOf(weight);
            var found = slotNames.Zip(slots).Count(slot => read($"{slot.First}/{weight.Name}", slot.Second));
            if (found == 0)
                Drop(weight.Name);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var name in _slots.Keys.ToArray())
            Drop(name);
    }

    /// <summary>Called once before every step, when <see cref="Iterations"/> counts that step already.</summary>
    protected virtual void Begin()
    {
    }

    /// <summary>Changes one weight; runs without gradient recording and inside a dispose scope.</summary>
    protected abstract void Update(TrainedWeight weight, torch.Tensor gradient, torch.Tensor[] slots, double rate);

    private torch.Tensor[] SlotsOf(TrainedWeight weight)
    {
        if (_slots.TryGetValue(weight.Name, out var slots))
            return slots;
        return _slots[weight.Name] = Array.ConvertAll(slotNames, _ => torch.zeros_like(weight.Value, requires_grad: false).DetachFromDisposeScope());
    }

    private void Drop(string name)
    {
        foreach (var tensor in _slots[name])
            tensor.Dispose();
        _slots.Remove(name);
    }
}

/// <summary>A weight that an optimiser changes.</summary>
/// <param name="Name">Path name, such as <c>block1_conv1/kernel</c>.</param>
/// <param name="Value">The leaf tensor; its gradient is in <c>grad</c>.</param>
/// <param name="WeightDecay">λ of the penalty λ·ΣW² (no ½); 0 for weights without one.</param>
internal sealed record TrainedWeight(string Name, torch.Tensor Value, double WeightDecay);
