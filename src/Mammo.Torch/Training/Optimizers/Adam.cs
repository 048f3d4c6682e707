using TorchSharp;

namespace Mammo.Torch.Training.Optimizers;

/// <summary>m ← β1·m + (1 - β1)·g; v ← β2·v + (1 - β2)·g²; w ← w - rate · √(1 - β2ᵗ)/(1 - β1ᵗ) · m / (√v + ε).</summary>
internal sealed class Adam : Optimizer
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;

    public Adam()
        : base("m", "v")
    {
    }

    protected override void Update(TrainedWeight weight, torch.Tensor gradient, torch.Tensor[] slots, double rate)
    {
        var corrected = rate * Math.Sqrt(1 - Math.Pow(Beta2, Iterations)) / (1 - Math.Pow(Beta1, Iterations));
        var m = slots[0].mul_(Number.Of(Beta1)).add_(gradient, alpha: Number.Of(1 - Beta1));
        var v = slots[1].mul_(Number.Of(Beta2)).addcmul_(gradient, gradient, Number.Of(1 - Beta2));
        weight.Value.addcdiv_(m, v.sqrt().add_(Number.Of(Epsilon), Number.Of(1)), Number.Of(-corrected));
    }
}
