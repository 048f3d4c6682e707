using TorchSharp;

namespace Mammo.Torch.Training;

/// <summary>
/// Exponential moving average of all weights, moving statistics included: average ← d·average + (1 - d)·weight, with d = min(decay, (1 + t)/(10 + t)) so that
/// the start is forgotten quickly.
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly Network _network;
    private readonly double _decay;
    private readonly torch.Tensor[] _averages;

    /// <summary>Starts from the network's present weights.</summary>
    public WeightAverage(Network network, double decay)
    {
        (_network, _decay) = (network, decay);
        using var scope = torch.NewDisposeScope();
        _averages = [.. network.Weights.Select(weight => weight.Value.detach().clone().DetachFromDisposeScope())];
    }

    /// <summary>Steps averaged so far.</summary>
    public long Steps { get; set; }

    /// <summary>The averages by weight name.</summary>
    public IEnumerable<KeyValuePair<string, torch.Tensor>> State() =>
        _network.Weights.Zip(_averages, (weight, average) => KeyValuePair.Create(weight.Plan.Name, average));

    /// <summary>Takes the present weights into the average.</summary>
    public void Update()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var decay = Math.Min(_decay, (1.0 + Steps) / (10.0 + Steps));
        Steps++;
        for (var i = 0; i < _averages.Length; i++)
            _averages[i].mul_(Number.Of(decay)).add_(_network.Weights[i].Value, alpha: Number.Of(1 - decay));
    }

    /// <summary>Exchanges the network's weights and the averages; a second call undoes it.</summary>
    public void Swap()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        for (var i = 0; i < _averages.Length; i++)
        {
            var kept = _averages[i].clone();
            _averages[i].copy_(_network.Weights[i].Value);
            _network.Weights[i].Value.copy_(kept);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_averages, average => average.Dispose());
}
