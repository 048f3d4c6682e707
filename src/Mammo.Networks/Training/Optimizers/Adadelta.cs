using TorchSharp;

namespace Mammo.Networks.Training.Optimizers;

/// <summary>a ← ρ·a + (1 - ρ)·g²; u = g·√(d + ε) / √(a + ε); w ← w - rate · u; d ← ρ·d + (1 - ρ)·u².</summary>
internal sealed class Adadelta : Optimizer
{
    private const double Rho = 0.95;

    public Adadelta()
        : base("accumulator", "delta_accumulator")
    {
    }

    protected override void Update(TrainedWeight weight, torch.Tensor gradient, torch.Tensor[] slots, double rate)
    {
        var accumulator = slots[0].mul_(Rho).addcmul_(gradient, gradient, 1 - Rho);
        var update = slots[1].add(Epsilon).sqrt_().mul_(gradient).div_(accumulator.add(Epsilon).sqrt_());
        weight.Value.add_(update, alpha: -rate);
        slots[1].mul_(Rho).addcmul_(update, update, 1 - Rho);
    }
}
