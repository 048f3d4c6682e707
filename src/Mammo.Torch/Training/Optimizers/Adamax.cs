using TorchSharp;

namespace Mammo.Torch.Training.Optimizers;

/// <summary>m ← β1·m + (1 - β1)·g; u ← max(β2·u, |g|); w ← w - rate / (1 - β1ᵗ) · m / (u + ε).</summary>
internal sealed class Adamax : Optimizer
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;

    public Adamax()
        : base("m", "u")
    {
    }

    protected override void Update(TrainedWeight weight, torch.Tensor gradient, torch.Tensor[] slots, double rate)
    {
        var m = slots[0].mul_(Number.Of(Beta1)).add_(gradient, alpha: Number.Of(1 - Beta1));
        var u = slots[1].copy_(torch.maximum(slots[1].mul_(Number.Of(Beta2)), gradient.abs()));
        weight.Value.addcdiv_(m, u.add(Number.Of(Epsilon), Number.Of(1)), Number.Of(-rate / (1 - Math.Pow(Beta1, Iterations))));
    }
}
