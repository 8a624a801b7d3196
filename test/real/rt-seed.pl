use strict; use warnings;
our @Queues = (
    { Name => 'Support', Description => 'Requests of customers' },
    { Name => 'Changes', Description => 'A strict lifecycle', Lifecycle => 'change' },
);
our @Users = (
    { Name => 'gateway', Password => 'gateway-pass', EmailAddress => 'gateway@rt.test', RealName => 'The gateway', Privileged => 1, Lang => 'en' },
    { Name => 'reader',  Password => 'reader-pass',  EmailAddress => 'reader@rt.test',  RealName => 'May only look', Privileged => 1 },
    { Name => 'german',  Password => 'german-pass',  EmailAddress => 'german@rt.test',  RealName => 'Is answered in German', Privileged => 1, Lang => 'de' },
);
our @CustomFields = (
    { Name => 'Severity', Type => 'SelectSingle', Queue => ['Support'], Values => [ map { { Name => $_ } } qw(Low Medium High) ] },
    { Name => 'Asset tag', Type => 'FreeformSingle', Queue => ['Support', 'Changes'] },
);
our @ACL;
for my $queue (qw(Support Changes)) {
    for my $user (qw(gateway german)) {
        push @ACL, map { { UserId => $user, Queue => $queue, Right => $_ } } qw(SeeQueue ShowTicket ShowTicketComments CreateTicket ModifyTicket
            ReplyToTicket CommentOnTicket OwnTicket TakeTicket StealTicket ReassignTicket DeleteTicket SeeCustomField ModifyCustomField);
    }
}
push @ACL, map { { UserId => 'reader', Queue => 'Support', Right => $_ } } qw(SeeQueue ShowTicket SeeCustomField);
our @Final = (sub {
    for my $name (qw(gateway reader)) {
        my $user = RT::User->new(RT->SystemUser); $user->Load($name);
        my ($ok, $msg, $string) = RT::AuthToken->new(RT->SystemUser)->Create(Owner => $user->id, Description => 'throwaway');
        die "no token for $name: $msg" unless $ok;
        open my $file, '>', "$ENV{REAL_RT_FOLDER}/$name.token" or die $!; print $file $string; close $file;
    }
    my $me = RT::CurrentUser->new; $me->Load('gateway');
    my @plans = (   # where each ticket is led: 20 in Support, 10 in Changes
        (map { ['Support', @$_] } [], [], [], [], [], ['open'], ['open'], ['open'], ['open'], ['stalled'], ['stalled'], ['open', 'stalled'],
            ['open', 'resolved'], ['resolved'], ['resolved'], ['resolved', 'open'], ['rejected'], ['rejected'], ['deleted'], []),
        (map { ['Changes', @$_] } [], [], ['review'], ['review'], ['review', 'approved'], ['review', 'parked'], ['review', 'approved', 'done'],
            ['review', 'approved', 'done'], ['refused'], ['review', 'refused', 'draft']),
    );
    my $number = 0;
    for my $plan (@plans) {
        my ($queue, @path) = @$plan; $number++;
        my $ticket = RT::Ticket->new($me);
        my ($id, undef, $msg) = $ticket->Create(Queue => $queue, Subject => "Seed $number: " . ($path[-1] || 'untouched'), Priority => ($number * 7) % 100,
            Requestor => "user" . ($number % 4) . '@example.com', MIMEObj => MIME::Entity->build(Type => 'text/plain', Data => ["Text of seed $number\n"]));
        die "ticket $number: $msg" unless $id;
        for my $status (@path) { my ($ok, $why) = $ticket->SetStatus($status); die "ticket $id to $status: $why" unless $ok; }
        if ($number % 5 == 0) { my ($ok, $why) = $ticket->SetOwner('gateway'); die "owner of $id: $why" unless $ok; }
    }
    my $merged = RT::Ticket->new($me); $merged->Load(20); my ($ok, $why) = $merged->MergeInto(1); die "merge: $why" unless $ok;   # 20 answers as 1
});
1;
