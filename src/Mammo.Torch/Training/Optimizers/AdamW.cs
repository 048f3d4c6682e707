using TorchSharp;

namespace Mammo.Torch.Training.Optimizers;

/// <summary>Adam with decoupled weight decay, PyTorch's formulas: w ← w·(1 - rate·λ); w ← w - rate/(1 - β1ᵗ) · m / (√v/√(1 - β2ᵗ) + ε).</summary>
internal sealed class AdamW : Optimizer
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;

    public AdamW()
        : base("m", "v")
    {
    }

    protected override void Update(TrainedWeight weight, torch.Tensor gradient, torch.Tensor[] slots, double rate)
    {
        if (weight.WeightDecay != 0)
            weight.Value.mul_(Number.Of(1 - rate * weight.WeightDecay));
        var m = slots[0].mul_(Number.Of(Beta1)).add_(gradient, alpha: Number.Of(1 - Beta1));
        var v = slots[1].mul_(Number.Of(Beta2)).addcmul_(gradient, gradient, Number.Of(1 - Beta2));
        var denominator = v.sqrt().div_(Number.Of(Math.Sqrt(1 - Math.Pow(Beta2, Iterations)))).add_(Number.Of(Epsilon), Number.Of(1));
        weight.Value.addcdiv_(m, denominator, Number.Of(-rate / (1 - Math.Pow(Beta1, Iterations))));
    }
}
