using TorchSharp;

namespace Mammo.Torch.Training.Optimizers;

/// <summary>a ← ρ·a + (1 - ρ)·g²; w ← w - rate · g / (√a + ε).</summary>
internal sealed class Rmsprop : Optimizer
{
    private const double Rho = 0.9;

    public Rmsprop()
        : base("accumulator")
    {
    }

    protected override void Update(TrainedWeight weight, torch.Tensor gradient, torch.Tensor[] slots, double rate)
    {
        var accumulator = slots[0].mul_(Number.Of(Rho)).addcmul_(gradient, gradient, Number.Of(1 - Rho));
        weight.Value.addcdiv_(gradient, accumulator.sqrt().add_(Number.Of(Epsilon), Number.Of(1)), Number.Of(-rate));
    }
}
